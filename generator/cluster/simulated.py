"""The profile's machines as simulated nodes, as Kubernetes would see them."""

from __future__ import annotations

import json

from generator.cluster.local.nodes import SimNode, Taint
from generator.components.shared import build_global, gpu_resource
from generator.profile.demand import gpu_slices, labels_of
from generator.profile.model import Profile
from generator.profile.nodes import Node

_CONTROL_PLANE = "node-role.kubernetes.io/control-plane"


def simulated_nodes(profile: Profile) -> list[SimNode]:
    """One simulated node for each machine: size, GPUs (slices where shared), labels and taints."""
    return [_node(profile, node) for node in profile.nodes]


def simulated_base(profile: Profile) -> str:
    """What the base layer would bring and pods cannot do without: the RuntimeClass of the GPU operator."""
    name = build_global(profile).gpu.runtime_class_name
    manifest = {
        "apiVersion": "node.k8s.io/v1",
        "kind": "RuntimeClass",
        "metadata": {"name": name},
        "handler": name,
    }
    return json.dumps(manifest) if name else ""


def _node(profile: Profile, node: Node) -> SimNode:
    slices = gpu_slices(profile, node)
    role = {_CONTROL_PLANE: ""} if node.role == "control-plane" else {}
    taints = [Taint(taint.key, taint.value, taint.effect) for taint in node.taints]
    if not profile.is_schedulable(node):
        taints.append(Taint(_CONTROL_PLANE))
    return SimNode(
        name=node.name,
        cpu=node.cpu,
        memory=node.memory,
        labels={**labels_of(profile, node), **role, **_gpu_labels(node)},
        taints=taints,
        resources={gpu_resource(profile.gpu): str(slices)} if slices else {},
    )


def _gpu_labels(node: Node) -> dict[str, str]:
    """What GPU feature discovery would write."""
    if node.gpus is None:
        return {}
    return {"nvidia.com/gpu.present": "true", "nvidia.com/gpu.product": node.gpus.product}
