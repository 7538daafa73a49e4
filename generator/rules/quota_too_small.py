"""SIZ102: a team's quota is smaller than what its own workloads ask for."""

from __future__ import annotations

from collections.abc import Iterator

from generator.profile.demand import demands
from generator.profile.model import Profile
from generator.profile.teams import Team
from generator.quantities import bytes_of, millicores
from generator.rules.base import Finding, Names


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding for each bound that the profile's own pods exceed."""
    for index, team in enumerate(profile.teams):
        if team.quota is None:
            continue
        used = _used(profile, team)
        for key, bound in bounds(team):
            if used[key] > bound:
                yield Finding(
                    ("teams", index, "quota", key),
                    f"the workloads of team {team.name} ask for more than its quota: {show(key, used[key])}",
                    "raise the quota or ask for less; pods over it are refused",
                )


def _used(profile: Profile, team: Team) -> dict[str, int]:
    own = [demand for demand in demands(profile) if demand.namespace == team.team_namespace]
    return {
        "cpu": sum(demand.cpu * demand.replicas for demand in own),
        "memory": sum(demand.memory * demand.replicas for demand in own),
        "gpus": sum(demand.gpus * demand.replicas for demand in own),
        "pods": sum(demand.replicas for demand in own),
    }


def bounds(team: Team) -> Iterator[tuple[str, int]]:
    """The bounds of a quota by key: millicores, bytes, and numbers."""
    quota = team.quota
    if quota is None:
        return
    if quota.cpu is not None:
        yield "cpu", millicores(quota.cpu)
    if quota.memory is not None:
        yield "memory", bytes_of(quota.memory)
    if quota.gpus is not None:
        yield "gpus", quota.gpus
    if quota.pods is not None:
        yield "pods", quota.pods


def show(key: str, amount: int) -> str:
    """An amount of `bounds` in words."""
    if key == "cpu":
        return f"{amount / 1000:g} CPU"
    return f"{amount / 2**30:.3g}Gi memory" if key == "memory" else f"{amount} {key}"
