"""The profile's machines as simulated nodes, as Kubernetes would see them."""

from __future__ import annotations

from generator.cluster.local.nodes import SimNode, Taint
from generator.components.shared import gpu_resource
from generator.profile.demand import gpu_slices, labels_of
from generator.profile.model import Profile
from generator.profile.nodes import Node

_CONTROL_PLANE = "node-role.kubernetes.io/control-plane"


def simulated_nodes(profile: Profile) -> list[SimNode]:
    """One simulated node for each machine: size, GPUs (slices where shared), labels and taints."""
    return [_node(profile, node) for node in profile.nodes]


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
