"""SIZ106: the claims that the profile makes for a team are more than the team may have."""

from __future__ import annotations

from collections.abc import Iterator

from generator.profile.model import Profile
from generator.profile.teams import Team
from generator.quantities import bytes_of
from generator.rules.base import Finding, Names


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding for each bound that they exceed."""
    for index, team in enumerate(profile.teams):
        sizes = list(_sizes(profile, team))
        quota, path = team.quota, ("teams", index, "quota")
        if quota and quota.claims is not None and len(sizes) > quota.claims:
            message = (
                f"the profile makes {len(sizes)} claims for team {team.name}, the quota is {quota.claims}"
            )
            yield Finding((*path, "claims"), message, "raise the quota")
        if quota and quota.storage and sum(sizes) > bytes_of(quota.storage):
            amount = f"{sum(sizes) / 2**30:.4g}Gi"
            message = f"the profile's claims for team {team.name} are {amount}, the quota is {quota.storage}"
            yield Finding((*path, "storage"), message, "raise the quota, or make smaller volumes")


def _sizes(profile: Profile, team: Team) -> Iterator[int]:
    for name, volume in profile.storage.volumes.items():
        if profile.claim_namespace(profile.claim_of(name, volume)) == team.team_namespace:
            yield bytes_of(volume.size)
