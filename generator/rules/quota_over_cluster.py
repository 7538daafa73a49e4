"""SIZ103: a quota that no cluster of these machines can ever fill."""

from __future__ import annotations

from collections.abc import Iterator

from generator.profile.demand import gpu_slices
from generator.profile.model import Profile
from generator.quantities import bytes_of, millicores
from generator.rules.base import Finding, Names
from generator.rules.quota_too_small import bounds, show


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a warning for each bound beyond what the nodes have together."""
    nodes = [node for node in profile.nodes if profile.is_schedulable(node)]
    there = {
        "cpu": sum(millicores(node.cpu) for node in nodes),
        "memory": sum(bytes_of(node.memory) for node in nodes),
        "gpus": sum(gpu_slices(profile, node) for node in nodes),
    }
    for index, team in enumerate(profile.teams):
        for key, bound in bounds(team):
            if key in there and bound > there[key] > 0:
                yield Finding(
                    ("teams", index, "quota", key),
                    f"the quota of team {team.name} is more than all nodes have: {show(key, there[key])}",
                    "lower it, or leave it out for no limit",
                )
