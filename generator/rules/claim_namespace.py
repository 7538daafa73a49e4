"""STO104: a claim names its place twice."""

from __future__ import annotations

from collections.abc import Iterator

from generator.profile.model import Profile
from generator.rules.base import Finding, Names


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding for each claim with both a team and a namespace."""
    for name, volume in profile.storage.volumes.items():
        if volume.claim and volume.claim.team and volume.claim.namespace:
            yield Finding(
                ("storage", "volumes", name, "claim", "namespace"),
                "the claim has both a team and a namespace",
                "keep team; its namespace follows from it",
                on_key=True,
                related=((("storage", "volumes", name, "claim", "team"), "the team"),),
            )
