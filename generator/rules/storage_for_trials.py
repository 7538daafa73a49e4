"""BAS104: storage that is for trials, or that nobody maintains."""

from __future__ import annotations

from collections.abc import Iterator

from generator.profile.model import Profile
from generator.rules.base import Finding, Names

_WHY = {
    "nfs-trial": "is for trials: one copy of the data, on one machine, gone with it",
    "nfs-subdir": "needs a provisioner that nobody maintains since 2024",
}


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding for each such class."""
    for name, one in profile.storage.classes.items():
        if one.type in _WHY:
            path = ("storage", "classes", name, "type")
            yield Finding(path, f"class {name} {_WHY[one.type]}", "use type nfs, served by csi-driver-nfs")
