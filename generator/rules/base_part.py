"""BAS102: a part of the base layer that there is not, or that lacks what it needs."""

from __future__ import annotations

from collections.abc import Iterator

from generator.base.names import PARTS, SUBDIR_PREFIX
from generator.diagnostics.suggest import did_you_mean
from generator.profile.model import Profile
from generator.rules.base import Finding, Names


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding for each unknown name, and for Rancher without a domain."""
    subdir = (
        f"{SUBDIR_PREFIX}{name}" for name, one in profile.storage.classes.items() if one.type == "nfs-subdir"
    )
    known = (*PARTS, *subdir)
    for index, name in enumerate(profile.base.installed):
        if name not in known:
            guess = did_you_mean(name, known)
            hint = f"did you mean {guess}?" if guess else "labhelm base list shows them"
            yield Finding(("base", "installed", index), f"the base layer has no part {name!r}", hint)
    if "rancher" in profile.base.extras and profile.network.domain is None:
        place = profile.base.extras.index("rancher")
        yield Finding(("base", "extras", place), "Rancher needs a host name", "add network.domain")
