"""The profile's machines as simulated nodes, as Kubernetes would see them."""

from __future__ import annotations

import json

from generator.cluster.local.nodes import SimNode, Taint
from generator.components import gpu_sharing
from generator.components.shared import build_global
from generator.profile.demand import labels_of
from generator.profile.gpu_sharing import advertised, feature_labels, setup_labels
from generator.profile.model import Profile
from generator.profile.nodes import Node

_CONTROL_PLANE = "node-role.kubernetes.io/control-plane"


def simulated_nodes(profile: Profile) -> list[SimNode]:
    """One simulated node for each machine: size, GPUs (slices where shared), labels and taints."""
    return [_node(profile, node) for node in profile.nodes]


def simulated_base(profile: Profile) -> str:
    """What the base layer or the distribution would bring and pods cannot do without: a RuntimeClass.

    Nothing where our own chart makes it.
    """
    ours = gpu_sharing.build(profile).runtime_class.create
    name = "" if ours else build_global(profile).gpu.runtime_class_name
    manifest = {
        "apiVersion": "node.k8s.io/v1",
        "kind": "RuntimeClass",
        "metadata": {"name": name},
        "handler": name,
    }
    return json.dumps(manifest) if name else ""


def _node(profile: Profile, node: Node) -> SimNode:
    role = {_CONTROL_PLANE: ""} if node.role == "control-plane" else {}
    taints = [Taint(taint.key, taint.value, taint.effect) for taint in node.taints]
    if not profile.is_schedulable(node):
        taints.append(Taint(_CONTROL_PLANE))
    return SimNode(
        name=node.name,
        cpu=node.cpu,
        memory=node.memory,
        labels={**labels_of(profile, node), **role, **_gpu_labels(profile, node)},
        taints=taints,
        resources={name: str(count) for name, count in advertised(profile, node).items()},
    )


def _gpu_labels(profile: Profile, node: Node) -> dict[str, str]:
    """What tells the plugin what to do, and what GPU feature discovery would write."""
    return {**setup_labels(profile, node), **feature_labels(profile, node)}
