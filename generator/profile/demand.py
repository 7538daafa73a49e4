"""What the profile's workloads ask of the nodes: one Demand for each kind of pod."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from generator.profile.gpu_sharing import advertised, feature_labels, resource_name
from generator.profile.model import Profile
from generator.profile.nodes import Node
from generator.profile.workloads import Placement, Size, WorkerGroup
from generator.quantities import bytes_of, millicores

EVICTION_RESERVE = 100 * 2**20
"""Bytes that the kubelet keeps free by default (memory.available<100Mi)."""


@dataclass(frozen=True)
class Demand:
    """Pods of one kind: what each asks for, how many there are at most, and where they may run.

    `cpu` in millicores, `memory` in bytes, `gpus` in GPUs or slices.
    """

    what: str
    path: tuple[str | int, ...]
    cpu: int
    memory: int
    gpus: int = 0
    replicas: int = 1
    placement: Placement = "any"
    node_labels: Mapping[str, str] = field(default_factory=dict)
    node: str | None = None
    namespace: str = ""


def demands(profile: Profile) -> Iterator[Demand]:
    """All kinds of pods that the profile makes."""
    yield from _dask(profile)
    yield from _training(profile)
    if profile.jupyterhub:
        namespace = profile.namespace_of(profile.jupyterhub.team)
        for index, choice in enumerate(profile.jupyterhub.profiles):
            path = ("jupyterhub", "profiles", index)
            # How many of them run depends on the users, so none counts against a quota.
            yield _demand(
                f"the JupyterHub profile {choice.name}",
                path,
                choice,
                namespace,
                gpus=choice.gpus,
                node=choice.node,
                node_labels=choice.node_labels,
                replicas=0,
            )


def _dask(profile: Profile) -> Iterator[Demand]:
    dask = profile.dask
    if dask is None:
        return
    namespace = profile.namespace_of(dask.team)
    yield _demand("the Dask scheduler", ("dask", "scheduler"), dask.scheduler, namespace)
    if dask.notebook.enabled:
        yield _demand("the Dask notebook", ("dask", "notebook"), dask.notebook, namespace)
    yield _workers("a Dask worker", ("dask", "workers"), dask.workers, namespace)
    for name, group in dask.workers.groups.items():
        yield _workers(
            f"a Dask worker of group {name}", ("dask", "workers", "groups", name), group, namespace
        )


def _training(profile: Profile) -> Iterator[Demand]:
    """Jobs that are queued wait for each other: how many run at once is not known."""
    training = profile.training
    for name, job in training.jobs.items() if training else ():
        yield _demand(
            f"the training job {name}",
            ("training", "jobs", name),
            job,
            profile.namespace_of(job.team),
            gpus=job.gpus,
            replicas=0 if training and training.queues else job.nodes,
        )


def _workers(what: str, path: tuple[str, ...], group: WorkerGroup, namespace: str) -> Demand:
    replicas = group.autoscale.max if group.autoscale else group.replicas
    return _demand(
        what,
        path,
        group,
        namespace,
        gpus=group.gpus,
        replicas=replicas,
        placement=group.placement,
        node_labels=group.node_labels,
    )


def _demand(
    what: str,
    path: tuple[str | int, ...],
    size: Size,
    namespace: str,
    *,
    gpus: int = 0,
    replicas: int = 1,
    placement: Placement = "any",
    node_labels: Mapping[str, str] | None = None,
    node: str | None = None,
) -> Demand:
    return Demand(
        what,
        path,
        millicores(size.cpu),
        bytes_of(size.memory),
        gpus,
        replicas,
        placement,
        node_labels or {},
        node,
        namespace,
    )


def labels_of(profile: Profile, node: Node) -> dict[str, str]:
    """Labels that the node carries: its own, those of its purposes, and its host name."""
    scheme = profile.cluster.labels
    purposes = {label.key: label.value for name in node.purposes for label in [getattr(scheme, name)]}
    return {"kubernetes.io/hostname": node.name, **purposes, **node.labels}


def gpu_slices(profile: Profile, node: Node) -> int:
    """GPUs, or slices of them, that the node offers to the platform's pods."""
    return advertised(profile, node).get(resource_name(profile), 0)


def fits(profile: Profile, demand: Demand, node: Node) -> bool:
    """Whether one such pod could run on the node if it were empty."""
    labels = {**labels_of(profile, node), **feature_labels(profile, node)}
    return (
        profile.is_schedulable(node)
        and not any(taint.effect != "PreferNoSchedule" for taint in node.taints)
        and (demand.node is None or demand.node == node.name)
        and (demand.placement not in ("system", "build") or demand.placement in node.purposes)
        and all(labels.get(key) == value for key, value in demand.node_labels.items())
        and demand.cpu <= millicores(node.cpu)
        and demand.memory <= bytes_of(node.memory) - EVICTION_RESERVE
        and demand.gpus <= gpu_slices(profile, node)
    )
