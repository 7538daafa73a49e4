"""STO101: two volumes are reserved for the same claim."""

from __future__ import annotations

from collections.abc import Iterator

from generator.profile.model import Profile
from generator.rules.base import Finding, Names
from generator.rules.name_duplicate import repeats


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding for each volume whose claim an earlier volume has."""
    volumes = profile.storage.volumes
    yield from repeats(
        "claim", ((("storage", "volumes", name, "claim"), _full(profile, name)) for name in volumes)
    )


def _full(profile: Profile, name: str) -> str:
    claim = profile.claim_of(name, profile.storage.volumes[name])
    return f"{profile.claim_namespace(claim)}/{claim.name}".lstrip("/")
