"""CLU105: every node refuses workloads, so nothing at all can run."""

from __future__ import annotations

from collections.abc import Iterator

from generator.profile.model import Profile
from generator.rules.base import Finding, Names


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding when no node is schedulable, at the first that says so."""
    if any(profile.is_schedulable(node) for node in profile.nodes):
        return
    index = next((i for i, node in enumerate(profile.nodes) if node.schedulable is False), 0)
    yield Finding(
        ("nodes", index, "schedulable"), "no node takes workloads", "write schedulable: true on one of them"
    )
