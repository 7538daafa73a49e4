"""What a release's workloads are still waiting for, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from generator.cluster.kubectl import Kubectl

WORKLOADS = ("deployment", "statefulset", "daemonset")


@dataclass(frozen=True, order=True)
class Workload:
    """A controller of pods: how many are ready, of how many."""

    namespace: str
    kind: str
    name: str
    ready: int
    wanted: int


@dataclass(frozen=True, order=True)
class ClaimState:
    """A claim and what it is bound to."""

    namespace: str
    name: str
    phase: str
    volume: str


def workloads(kubectl: Kubectl, release: str) -> list[Workload]:
    """All workloads of the release, in every namespace."""
    objects = kubectl.get_all(",".join(WORKLOADS), selector=_selector(release))
    return sorted(_workload(one) for one in objects)


def claims(kubectl: Kubectl, release: str) -> list[ClaimState]:
    """All claims of the release, in every namespace."""
    return sorted(
        ClaimState(
            one["metadata"]["namespace"],
            one["metadata"]["name"],
            one["status"].get("phase", "Pending"),
            one["spec"].get("volumeName", ""),
        )
        for one in kubectl.get_all("persistentvolumeclaim", selector=_selector(release))
    )


def waiting_for(kubectl: Kubectl, release: str) -> list[str]:
    """One line for each pod that is not ready or not even taken: where, and why."""
    pods = kubectl.get_all("pod", selector=_selector(release))
    owners = kubectl.get_all("deployment,replicaset,statefulset,daemonset", selector=_selector(release))
    refused = (line for owner in owners for line in _refusals(owner))
    return sorted({*refused, *(line for pod in pods for line in _pod_waits(pod))})


def _selector(release: str) -> str:
    return f"app.kubernetes.io/instance={release}"


def _workload(one: dict[str, Any]) -> Workload:
    status, spec = one.get("status", {}), one["spec"]
    if one["kind"] == "DaemonSet":
        ready, wanted = status.get("numberReady", 0), status.get("desiredNumberScheduled", 0)
    else:
        ready, wanted = status.get("readyReplicas", 0), spec.get("replicas", 1)
    metadata = one["metadata"]
    return Workload(metadata["namespace"], one["kind"], metadata["name"], ready, wanted)


def _refusals(owner: dict[str, Any]) -> Iterator[str]:
    """Pods that the API server would not take: over a quota, against Pod Security, no such RuntimeClass."""
    metadata = owner["metadata"]
    for condition in owner.get("status", {}).get("conditions", ()):
        if condition["type"] == "ReplicaFailure" and condition["status"] == "True":
            reason = condition.get("message", "pods are refused")
            yield f"{metadata['namespace']}/{metadata['name']}: {reason}"


def _pod_waits(pod: dict[str, Any]) -> Iterator[str]:
    where = f"{pod['metadata']['namespace']}/{pod['metadata']['name']}"
    status = pod.get("status", {})
    if status.get("phase") == "Succeeded":
        return
    for condition in status.get("conditions", ()):
        if condition["type"] == "PodScheduled" and condition["status"] == "False":
            yield f"{where}: {condition.get('message', condition.get('reason', 'not scheduled'))}"
            return
    yield from (f"{where}: {reason}" for reason in _container_waits(status.get("containerStatuses", ())))


def _container_waits(containers: Sequence[dict[str, Any]]) -> Iterator[str]:
    for container in containers:
        waiting = container.get("state", {}).get("waiting")
        if waiting:
            yield " ".join(filter(None, (waiting.get("reason", "waiting"), waiting.get("message", ""))))
        elif not container.get("ready"):
            yield f"container {container['name']} is not ready yet"
