"""Every machine of the profile is a Ready node with its role, and no other machine is there."""

from __future__ import annotations

from collections.abc import Iterator

from generator.doctor.base import Finding, Wish, note
from generator.doctor.snapshot import Object, Snapshot, condition, labels_of
from generator.profile.nodes import Node

CONTROL_PLANE = "node-role.kubernetes.io/control-plane"


def look(wish: Wish, snapshot: Snapshot) -> Iterator[Finding]:
    """See base.Look."""
    there = {one["metadata"]["name"]: one for one in snapshot.all("nodes")}
    for node in wish.profile.nodes:
        if node.name in there:
            yield from _state(node, there[node.name])
        else:
            yield Finding(
                f"node {node.name}",
                "is not in the cluster",
                ("labhelm", "machines", wish.profile.name),
                "run the script that it writes for the machine; the guide beside it says how",
            )
    for name in sorted(there.keys() - {node.name for node in wish.profile.nodes}):
        yield Finding(
            f"node {name}",
            "is in the cluster, not in the profile",
            ("kubectl", "get", "node", name, "-o", "wide"),
            "add it to the profile's nodes, or take the machine out of the cluster",
        )
    yield note("", f"{len(there)} nodes")


def _state(node: Node, live: Object) -> Iterator[Finding]:
    subject = f"node {node.name}"
    ready = condition(live, "Ready")
    if ready.get("status") != "True":
        reason = ready.get("message") or "its kubelet has reported nothing"
        yield Finding(subject, f"is not Ready: {reason}", ("kubectl", "describe", "node", node.name))
    if live["spec"].get("unschedulable"):
        yield Finding(subject, "is cordoned: it takes no new pods", ("kubectl", "uncordon", node.name))
    is_control_plane = CONTROL_PLANE in labels_of(live)
    if is_control_plane != (node.role == "control-plane"):
        sign, word = ("=", "has not") if node.role == "control-plane" else ("-", "has")
        yield Finding(
            subject,
            f"is a {node.role} in the profile, and {word} the label of a control plane",
            ("kubectl", "label", "node", node.name, f"{CONTROL_PLANE}{sign}"),
        )
