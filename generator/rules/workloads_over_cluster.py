"""SIZ104: all pods of the profile together ask for more than all nodes have."""

from __future__ import annotations

from collections.abc import Iterator

from generator.profile.demand import Demand, demands, fits, gpu_slices
from generator.profile.model import Profile
from generator.quantities import bytes_of, millicores
from generator.rules.base import Finding, Names
from generator.rules.quota_too_small import show


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a warning for each resource that runs out, at the pods that ask for most of it."""
    nodes = [node for node in profile.nodes if profile.is_schedulable(node)]
    there = {
        "cpu": sum(millicores(node.cpu) for node in nodes),
        "memory": sum(bytes_of(node.memory) for node in nodes),
        "gpus": sum(gpu_slices(profile, node) for node in nodes),
    }
    # Of what fits no node at all, SIZ101 speaks.
    wanted = [one for one in demands(profile) if any(fits(profile, one, node) for node in nodes)]
    for key, amount in there.items():
        used = {index: _number(profile, one) * getattr(one, key) for index, one in enumerate(wanted)}
        total = sum(used.values())
        if 0 < amount < total:
            most = wanted[max(used, key=lambda index: used[index])]
            yield Finding(
                most.path,
                f"all pods together ask for {show(key, total)}, the nodes have {show(key, amount)}",
                "ask for less, or for fewer of them",
            )


def _number(profile: Profile, demand: Demand) -> int:
    """How many of them there are at least."""
    if demand.path[:2] != ("dask", "workers") or profile.dask is None:
        return demand.replicas
    workers = profile.dask.workers
    group = workers.groups[str(demand.path[3])] if len(demand.path) > 3 else workers
    return group.autoscale.min if group.autoscale else group.replicas
