"""Simulated nodes: what a cluster is told about a machine, without the machine."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from generator.errors import UserError

# Ranges for a network namespace of its own: nothing answers there.
_NODE_ADDRESSES = ipaddress.IPv4Network("10.32.0.0/16")
POD_ADDRESSES = ipaddress.IPv4Network("10.128.0.0/10")
MAX_NODES = 2**13  # each with 510 addresses for pods

# What the API requires of every node; the empty ones are about hardware that is not there.
_SIMULATED = {
    "architecture": "amd64",
    "operatingSystem": "linux",
    "osImage": "simulated",
    "kernelVersion": "simulated",
    "containerRuntimeVersion": "kwok://simulated",
    **dict.fromkeys(("bootID", "kubeProxyVersion", "machineID", "systemUUID"), ""),
}


@dataclass(frozen=True)
class Taint:
    """A node's taint."""

    key: str
    value: str = ""
    effect: Literal["NoSchedule", "PreferNoSchedule", "NoExecute"] = "NoSchedule"


@dataclass(frozen=True)
class SimNode:
    """One simulated node.

    `cpu` and `memory` are quantities; `gpus` are advertised as nvidia.com/gpu; `pods` is how many fit;
    `resources` are any others, such as shared GPUs.
    """

    name: str
    cpu: str | int = 8
    memory: str = "32Gi"
    gpus: int = 0
    labels: Mapping[str, str] = field(default_factory=dict)
    taints: Sequence[Taint] = ()
    pods: int = 110
    resources: Mapping[str, str] = field(default_factory=dict)


def manifests(nodes: Sequence[SimNode], version: str, chunk: int) -> list[str]:
    """The Node objects as JSON lists of at most `chunk`; each gets its addresses in the order given.

    Raises UserError.
    """
    if len(nodes) > MAX_NODES:
        raise UserError(f"{len(nodes)} nodes are too many to simulate", hint=f"at most {MAX_NODES}")
    places = zip(nodes, _NODE_ADDRESSES.hosts(), POD_ADDRESSES.subnets(new_prefix=23), strict=False)
    items = [_node(node, str(address), str(pods), version) for node, address, pods in places]
    parts = (items[start : start + chunk] for start in range(0, len(items), chunk))
    return [json.dumps({"apiVersion": "v1", "kind": "List", "items": part}) for part in parts]


def _node(node: SimNode, address: str, pods: str, version: str) -> dict[str, Any]:
    resources = _resources(node)
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": node.name, "labels": _labels(node)},
        "spec": {"podCIDR": pods, "podCIDRs": [pods], "taints": [_taint(taint) for taint in node.taints]},
        "status": {
            "addresses": [
                {"type": "InternalIP", "address": address},
                {"type": "Hostname", "address": node.name},
            ],
            "capacity": resources,
            "allocatable": resources,
            "nodeInfo": {**_SIMULATED, "kubeletVersion": f"v{version}"},
        },
    }


def _labels(node: SimNode) -> dict[str, str]:
    """What a kubelet says of itself, and then what the node was given."""
    own = {"kubernetes.io/hostname": node.name, "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64"}
    return {**own, **node.labels}


def _resources(node: SimNode) -> dict[str, str]:
    gpus = {"nvidia.com/gpu": str(node.gpus)} if node.gpus else {}
    basic = {"cpu": str(node.cpu), "memory": node.memory, "pods": str(node.pods), "ephemeral-storage": "1Ti"}
    return {**basic, **gpus, **node.resources}


def _taint(taint: Taint) -> dict[str, str]:
    value = {"value": taint.value} if taint.value else {}
    return {"key": taint.key, "effect": taint.effect, **value}
