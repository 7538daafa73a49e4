"""The chart node-prep says of each node that it is as wanted, where the chart is installed at all."""

from __future__ import annotations

from collections.abc import Iterator

from generator.doctor.base import Finding, Wish, note
from generator.doctor.snapshot import Snapshot, condition

CONDITION = "NodePrepared"


def look(wish: Wish, snapshot: Snapshot) -> Iterator[Finding]:
    """See base.Look."""
    known = {node.name for node in wish.profile.nodes}
    nodes = [one for one in snapshot.all("nodes") if one["metadata"]["name"] in known]
    states = {one["metadata"]["name"]: condition(one, CONDITION) for one in nodes}
    if not any(states.values()):
        yield note("", "node-prep is not installed")
        return
    for name, state in sorted(states.items()):
        if not state:
            yield Finding(
                f"node {name}",
                "no agent of node-prep has reported",
                ("kubectl", "get", "pods", "-A", "--field-selector", f"spec.nodeName={name}"),
            )
        elif state.get("status") != "True":
            yield Finding(
                f"node {name}",
                f"is not prepared: {state.get('reason', '')}: {state.get('message', '')}",
                ("kubectl", "describe", "node", name),
                "docs/how-to/prepare-machines.md says how a node opts in",
            )
