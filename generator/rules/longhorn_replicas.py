"""STO106: Longhorn cannot keep two copies of a volume on one node."""

from __future__ import annotations

from collections.abc import Iterator

from generator.profile.model import Profile
from generator.profile.storage_classes import LonghornClass
from generator.rules.base import Finding, Names


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding for each class with too many replicas."""
    nodes = sum(profile.is_schedulable(node) for node in profile.nodes)
    for name, wish in profile.storage.classes.items():
        if isinstance(wish, LonghornClass) and wish.replicas > nodes:
            yield Finding(
                ("storage", "classes", name, "replicas"),
                f"{wish.replicas} copies need as many nodes; {nodes} take workloads",
                f"write replicas: {max(nodes, 1)}",
            )
