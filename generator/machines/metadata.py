"""Labels and taints that a node gets when it registers itself."""

from __future__ import annotations

from generator.machines.cluster import Machine
from generator.profile.gpu_sharing import setup_labels
from generator.profile.model import Profile
from generator.profile.nodes import Taint

CONTROL_PLANE_TAINT = Taint(key="node-role.kubernetes.io/control-plane", effect="NoSchedule")

# A kubelet that sets others of Kubernetes' own labels does not start.
# Source: kubernetes.io, "Using Admission Controllers", NodeRestriction.
_ALLOWED_PREFIXES = ("kubelet.kubernetes.io", "node.kubernetes.io")
_ALLOWED_LABELS = ("topology.kubernetes.io/region", "topology.kubernetes.io/zone")
_RESERVED = ("kubernetes.io", "k8s.io")


def node_labels(profile: Profile, machine: Machine) -> dict[str, str]:
    """All labels of the node, sorted: its purposes, what its GPUs are to become, and its own."""
    node, scheme = machine.node, profile.cluster.labels
    purposes = {"system": scheme.system, "build": scheme.build}
    labels = {purposes[name].key: purposes[name].value for name in node.purposes}
    return dict(sorted({**labels, **setup_labels(profile, node), **node.labels}.items()))


def may_set_itself(key: str) -> bool:
    """Whether a kubelet may put the label on its own node."""
    prefix = key.rpartition("/")[0]
    if key in _ALLOWED_LABELS or prefix.endswith(_ALLOWED_PREFIXES):
        return True
    return not any(prefix == name or prefix.endswith(f".{name}") for name in _RESERVED)


def own_labels(profile: Profile, machine: Machine) -> list[str]:
    """`key=value` of the labels that the kubelet sets; the node agent sets the others later."""
    labels = node_labels(profile, machine)
    return [f"{key}={value}" for key, value in labels.items() if may_set_itself(key)]


def node_taints(profile: Profile, machine: Machine) -> list[Taint]:
    """The node's taints; a control plane that is not schedulable has Kubernetes' own one first."""
    closed = machine.is_server and not profile.is_schedulable(machine.node)
    return [*([CONTROL_PLANE_TAINT] if closed else []), *machine.node.taints]
