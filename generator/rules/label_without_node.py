"""LAB101: pods must run on system or build nodes, and no node has that purpose."""

from __future__ import annotations

from collections.abc import Iterator

from generator.profile.demand import demands
from generator.profile.model import Profile
from generator.rules.base import Finding, Names


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding for each placement, and each own label, that marks no node."""
    there = {purpose for node in profile.nodes for purpose in node.purposes}
    for demand in demands(profile):
        if demand.placement in ("system", "build") and demand.placement not in there:
            yield Finding(
                (*demand.path, "placement"),
                f"no node has the purpose {demand.placement}",
                f"add purposes: [{demand.placement}] to a node",
            )
    for purpose in sorted(profile.cluster.labels.model_fields_set - there):
        yield Finding(
            ("cluster", "labels", purpose),
            f"the label for {purpose} nodes marks no node",
            f"add purposes: [{purpose}] to a node",
            on_key=True,
        )
