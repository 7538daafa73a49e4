"""What the GPUs of a profile become in the cluster: resources, slices and labels of each node.

The device plugin's names and limits. Source: NVIDIA/k8s-device-plugin v0.20.0, api/config/v1 and internal/lm.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from generator.profile.gpu import Sharing
from generator.profile.model import Profile
from generator.profile.nodes import Gpus, Node
from generator.quantities import bytes_of

DEFAULT = "default"
"""Name of the configuration of nodes that name none; the operator applies nothing unless it is told one."""
RESOURCE = "nvidia.com/gpu"
SHARED_RESOURCE = "nvidia.com/gpu.shared"
CONFIG_LABEL = "nvidia.com/device-plugin.config"
"""Node label that names a configuration; source: NVIDIA/k8s-device-plugin, cmd/config-manager."""
PRODUCT_LABEL = "nvidia.com/gpu.product"
"""Node label by which pods choose a kind of GPU."""
MIG_LABEL = "nvidia.com/mig.config"
"""Node label that names a MIG layout; source: NVIDIA/mig-parted, deployments/container."""
DRA_LABEL = ("labhelm.io/gpu-allocation", "dra")
"""Label of the nodes that belong to the DRA driver."""
GENERATED_LAYOUTS = ("all-disabled", "all-enabled", "all-balanced")
"""Layouts beside all-<slice> that the MIG manager makes from the hardware."""

_WHOLE_SLICE = re.compile(r"all-(?P<slice>(?P<compute>\d)g\.(?P<memory>\d+)gb)")
_COMPUTE_SLICES = 7
_IN_PRODUCT = re.compile(r"(\d+)GB")


def sharings(profile: Profile) -> dict[str, Sharing]:
    """Every configuration by name, the default one first."""
    return {DEFAULT: profile.gpu.sharing, **profile.gpu.configs}


def uses_dra(profile: Profile, node: Node) -> bool:
    """Whether the node's GPUs belong to the DRA driver."""
    dra = profile.gpu.experimental.dra
    return dra is not None and node.gpus is not None and node.name in dra.nodes


def has_plugin(profile: Profile, node: Node) -> bool:
    """Whether NVIDIA's device plugin advertises the node's GPUs."""
    return bool(node.gpus) and profile.gpu.advertised_by != "none" and not uses_dra(profile, node)


def plugin_nodes(profile: Profile) -> list[Node]:
    """Nodes whose GPUs the device plugin advertises."""
    return [node for node in profile.nodes if has_plugin(profile, node)]


def sharing_of(profile: Profile, node: Node) -> Sharing:
    """How the node's GPUs are shared; GPUs that the plugin does not advertise are whole."""
    if node.gpus is None or not has_plugin(profile, node):
        return Sharing()
    return profile.gpu.configs.get(node.gpus.config or "", profile.gpu.sharing)


def is_shared(sharing: Sharing) -> bool:
    """Whether several pods may have the same GPU, or MIG slice."""
    return sharing.replicas is not None and sharing.strategy != "none"


def resource_name(profile: Profile) -> str:
    """The resource that the platform's pods ask for, and that quotas bound."""
    if profile.gpu.resource:
        return profile.gpu.resource
    if profile.gpu.advertised_by == "none":
        return RESOURCE
    return resources_of(profile, profile.gpu.sharing)[0]


def resources_of(profile: Profile, sharing: Sharing) -> tuple[str, ...]:
    """Resources that pods find GPUs with this sharing as."""
    names = plain_resources(profile, sharing)
    return tuple(f"{name}.shared" for name in names) if sharing.rename else names


def plain_resources(profile: Profile, sharing: Sharing) -> tuple[str, ...]:
    """The same by the names that the plugin's configuration has for them, before slices are renamed."""
    if sharing.strategy != "mig" or sharing.mig_strategy == "single":
        return (RESOURCE,)
    layout = profile.gpu.mig_layouts.get(sharing.profile or "", [])
    cut = tuple(mig_resource(size) for size in _slice_names(profile, sharing))
    whole = (RESOURCE,) if not cut or any(not part.slices for part in layout) else ()
    return (*cut, *whole)


def mig_resource(size: str) -> str:
    """Name of a MIG slice under strategy `mixed`."""
    return f"nvidia.com/mig-{size.replace('+', '.')}"


def _slice_names(profile: Profile, sharing: Sharing) -> list[str]:
    name = sharing.profile or ""
    if name in profile.gpu.mig_layouts:
        return sorted({size for part in profile.gpu.mig_layouts[name] for size in part.slices})
    return [name.removeprefix("all-")] if _WHOLE_SLICE.match(name) else []


def advertised(profile: Profile, node: Node) -> dict[str, int]:
    """What the node will offer once it is set up, by resource: GPUs, or slices of them."""
    if node.gpus is None or uses_dra(profile, node):
        return {}
    if profile.gpu.advertised_by == "none":
        return {resource_name(profile): node.gpus.count}
    sharing = sharing_of(profile, node)
    factor = (sharing.replicas or 1) if is_shared(sharing) else 1
    suffix = ".shared" if sharing.rename else ""
    if sharing.strategy != "mig":
        return {f"{RESOURCE}{suffix}": node.gpus.count * factor}
    found: dict[str, int] = {}
    for size, count in _node_slices(profile, sharing, node.gpus):
        name = mig_resource(size) if size and sharing.mig_strategy == "mixed" else RESOURCE
        found[name + suffix] = found.get(name + suffix, 0) + count * factor
    return found


def _node_slices(profile: Profile, sharing: Sharing, gpus: Gpus) -> Iterator[tuple[str, int]]:
    """Size and number of the node's MIG slices; "" for GPUs that stay whole."""
    layout = profile.gpu.mig_layouts.get(sharing.profile or "")
    if layout is None:
        yield from (
            (size, gpus.count * count) for size, count in generated_slices(sharing.profile or "", gpus)
        )
        return
    for part in layout:
        chosen = len([index for index in part.devices if index < gpus.count]) if part.devices else gpus.count
        yield from ((size, chosen * count) for size, count in (part.slices or {"": 1}).items())


def generated_slices(layout: str, gpus: Gpus) -> list[tuple[str, int]]:
    """What a layout of the MIG manager's own makes of one GPU: ("1g.5gb", 7); whole where it cannot be told.

    A GPU has seven compute slices, and as many memory slices as fit; smaller ones have fewer of both.
    """
    match = _WHOLE_SLICE.match(layout)
    if match is None:
        return [("", 1)]
    by_compute = _COMPUTE_SLICES // int(match["compute"])
    memory = _gigabytes(gpus)
    by_memory = round(memory / int(match["memory"])) if memory else by_compute
    size = layout.removeprefix("all-")
    return [(size, 1 if "+" in size else max(1, min(by_compute, by_memory)))]


def _gigabytes(gpus: Gpus) -> float:
    """Memory of one GPU; 0 when neither the profile nor the product's name tells."""
    named = _IN_PRODUCT.search(gpus.product)
    return bytes_of(gpus.memory) / 2**30 if gpus.memory else float(named[1]) if named else 0.0


def feature_labels(profile: Profile, node: Node) -> dict[str, str]:
    """Labels that GPU feature discovery writes, as far as pods select by them."""
    if node.gpus is None:
        return {}
    product = product_label(profile, node.gpus.product, sharing_of(profile, node))
    return {"nvidia.com/gpu.present": "true", PRODUCT_LABEL: product}


def product_label(profile: Profile, product: str, sharing: Sharing) -> str:
    """The product as a node label: it tells of MIG slices, and of sharing without a resource of its own."""
    if sharing.strategy == "mig" and sharing.mig_strategy == "single":
        product = "-MIG-".join([product, *_slice_names(profile, sharing)[:1]])
    shared = is_shared(sharing) and RESOURCE in plain_resources(profile, sharing)
    return f"{product}-SHARED" if shared and not sharing.rename else product


def setup_labels(profile: Profile, node: Node) -> dict[str, str]:
    """Labels that tell the plugin, the operator and the DRA driver what to do on the node."""
    if uses_dra(profile, node):
        return {DRA_LABEL[0]: DRA_LABEL[1], "nvidia.com/gpu.deploy.device-plugin": "false"}
    if node.gpus is None or not has_plugin(profile, node):
        return {}
    labels = {CONFIG_LABEL: node.gpus.config} if node.gpus.config else {}
    sharing = sharing_of(profile, node)
    if sharing.strategy == "mig" and sharing.profile and profile.gpu.advertised_by == "gpu-operator":
        labels[MIG_LABEL] = sharing.profile
    return labels


def mig_strategy(profile: Profile) -> Literal["none", "single", "mixed"]:
    """The one strategy of all nodes: the operator hands it to each plugin, whatever its file says."""
    found = [one.mig_strategy for one in sharings(profile).values() if one.strategy == "mig"]
    return "mixed" if "mixed" in found else "single" if found else "none"
