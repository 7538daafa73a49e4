"""LAB102: a node that is meant for work has a taint that none of the platform's pods tolerates."""

from __future__ import annotations

from collections.abc import Iterator

from generator.profile.model import Profile
from generator.rules.base import Finding, Names


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a warning for each such taint."""
    for index, node in enumerate(profile.nodes):
        for place, taint in enumerate(node.taints):
            if taint.effect != "PreferNoSchedule":
                yield Finding(
                    ("nodes", index, "taints", place),
                    f"no workload here tolerates the taint {taint.key}, so none runs on {node.name}",
                    "add a toleration under overrides, or use effect: PreferNoSchedule",
                )
