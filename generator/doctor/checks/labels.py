"""Each node carries the labels and taints of the profile, and no taints that nobody wrote there."""

from __future__ import annotations

from collections.abc import Iterator

from generator.doctor.base import Finding, Wish
from generator.doctor.checks.nodes import CONTROL_PLANE
from generator.doctor.snapshot import Object, Snapshot, labels_of
from generator.profile.demand import labels_of as own_labels
from generator.profile.gpu_sharing import setup_labels
from generator.profile.model import Profile
from generator.profile.nodes import Node

_OF_THE_CLUSTER = ("node.kubernetes.io/", "node.cloudprovider.kubernetes.io/", "labhelm.io/")
"""Taints that controllers set and take away by themselves."""
Taint = tuple[str, str, str]


def look(wish: Wish, snapshot: Snapshot) -> Iterator[Finding]:
    """See base.Look."""
    for node in wish.profile.nodes:
        live = snapshot.find("nodes", node.name)
        if live is not None:
            yield from _labels(wish.profile, node, live)
            yield from _taints(wish.profile, node, live)


def _labels(profile: Profile, node: Node, live: Object) -> Iterator[Finding]:
    present = labels_of(live)
    for key, value in {**own_labels(profile, node), **setup_labels(profile, node)}.items():
        if present.get(key) != value:
            found = f"is {present[key]!r}" if key in present else "is missing"
            yield Finding(
                f"node {node.name}",
                f"label {key} {found}, the profile says {value!r}",
                ("kubectl", "label", "node", node.name, f"{key}={value}", "--overwrite"),
            )
    scheme = profile.cluster.labels
    for purpose, label in (("system", scheme.system), ("build", scheme.build)):
        if purpose not in node.purposes and label.key not in node.labels and present.get(label.key):
            yield Finding(
                f"node {node.name}",
                f"label {label.key} makes it a {purpose} node, the profile does not",
                ("kubectl", "label", "node", node.name, f"{label.key}-"),
            )


def _taints(profile: Profile, node: Node, live: Object) -> Iterator[Finding]:
    present = {_taint(one) for one in live["spec"].get("taints") or ()}
    wanted: set[Taint] = {(taint.key, taint.value, taint.effect) for taint in node.taints}
    if not profile.is_schedulable(node) and node.role == "control-plane":
        wanted.add((CONTROL_PLANE, "", "NoSchedule"))
    for key, value, effect in sorted(wanted - present):
        yield Finding(
            f"node {node.name}",
            f"taint {_text(key, value, effect)} is missing",
            ("kubectl", "taint", "node", node.name, f"{_pair(key, value)}:{effect}", "--overwrite"),
        )
    for key, value, effect in sorted(present - wanted):
        replaced = any((key, effect) == (other[0], other[2]) for other in wanted)
        if not replaced and not key.startswith(_OF_THE_CLUSTER):
            yield Finding(
                f"node {node.name}",
                f"taint {_text(key, value, effect)} is not in the profile",
                ("kubectl", "taint", "node", node.name, f"{key}:{effect}-"),
            )


def _taint(one: Object) -> Taint:
    return one["key"], one.get("value", ""), one["effect"]


def _pair(key: str, value: str) -> str:
    return f"{key}={value}"


def _text(key: str, value: str, effect: str) -> str:
    return f"{_pair(key, value) if value else key}:{effect}"
