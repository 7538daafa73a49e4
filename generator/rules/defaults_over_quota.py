"""SIZ105: a container that asks for nothing gets more than its team may have."""

from __future__ import annotations

from collections.abc import Iterator

from generator.profile.model import Profile
from generator.quantities import bytes_of, millicores
from generator.rules.base import Finding, Names
from generator.rules.quota_too_small import bounds, show


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding for each default beyond the quota."""
    for index, team in enumerate(profile.teams):
        default = {"cpu": millicores(team.defaults.cpu), "memory": bytes_of(team.defaults.memory)}
        for key, bound in bounds(team):
            if key in default and default[key] > bound:
                yield Finding(
                    ("teams", index, "quota", key),
                    f"a container of team {team.name} gets {show(key, default[key])} by default",
                    f"raise the quota, or lower teams[].defaults.{key}",
                )
