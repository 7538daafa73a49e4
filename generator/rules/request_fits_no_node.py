"""SIZ101: a pod asks for more than any node that it may run on has."""

from __future__ import annotations

from collections.abc import Iterator

from generator.profile.demand import Demand, demands, fits, gpu_slices
from generator.profile.gpu_sharing import PRODUCT_LABEL as PRODUCT
from generator.profile.gpu_sharing import feature_labels
from generator.profile.model import Profile
from generator.quantities import bytes_of, millicores
from generator.rules.base import Finding, Names


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding for each kind of pod that fits no node, even an empty one."""
    for demand in demands(profile):
        if _has_a_place(profile, demand) and not any(fits(profile, demand, node) for node in profile.nodes):
            yield Finding(
                demand.path,
                f"{demand.what} fits no node: it asks for {_sizes(demand)}",
                _largest(profile, demand),
            )


def _has_a_place(profile: Profile, demand: Demand) -> bool:
    """Whether the node or purpose that it names exists at all: where not, other rules say so."""
    named = demand.node is None or any(node.name == demand.node for node in profile.nodes)
    marked = any(demand.placement in node.purposes for node in profile.nodes)
    product = demand.node_labels.get(PRODUCT)
    known = product is None or any(feature_labels(profile, n).get(PRODUCT) == product for n in profile.nodes)
    return named and known and (marked or demand.placement not in ("system", "build"))


def _sizes(demand: Demand) -> str:
    gpus = f", {demand.gpus} GPU{'s' if demand.gpus > 1 else ''}" if demand.gpus else ""
    where = f" on node {demand.node}" if demand.node else ""
    where += f" on a {demand.placement} node" if demand.placement in ("system", "build") else ""
    where += "".join(f" with label {key}={value}" for key, value in demand.node_labels.items())
    return f"{demand.cpu / 1000:g} CPU, {_gib(demand.memory)} memory{gpus}{where}"


def _largest(profile: Profile, demand: Demand) -> str:
    nodes = [node for node in profile.nodes if profile.is_schedulable(node) and not node.taints]
    if not nodes:
        return "no node is schedulable without a toleration: set schedulable: true on one"
    sizes = [
        f"{node.name} has {millicores(node.cpu) / 1000:g} CPU, {_gib(bytes_of(node.memory))}, "
        f"{gpu_slices(profile, node)} GPUs"
        for node in sorted(nodes, key=lambda n: (gpu_slices(profile, n), millicores(n.cpu)), reverse=True)
    ]
    return "; ".join(sizes[:3])


def _gib(amount: int) -> str:
    return f"{amount / 2**30:.3g}Gi"
