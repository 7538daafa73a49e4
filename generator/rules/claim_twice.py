"""STO101: two volumes are reserved for the same claim."""

from __future__ import annotations

from collections.abc import Iterator

from generator.profile.model import Profile
from generator.rules.base import Finding, Names
from generator.rules.name_duplicate import repeats


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding for each volume whose claim an earlier volume has."""
    yield from repeats(
        "claim",
        (
            (
                ("storage", "volumes", name, "claim"),
                f"{profile.claim_namespace(volume.claim)}/{volume.claim.name}".lstrip("/"),
            )
            for name, volume in profile.storage.volumes.items()
            if volume.claim
        ),
    )
