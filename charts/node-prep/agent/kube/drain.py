"""Cordon and evict.

Only the eviction API is used, so a PodDisruptionBudget is respected; a refusal (429) is asked again until the
time is up. An annotation, set together with the cordon, remembers that the cordon is ours: a node that a
person cordoned stays so, and a run after a crash still knows.
"""

from __future__ import annotations

import time

from agent import names
from agent.errors import AgentError, KubeError, Waiting
from agent.kube.client import Api, Json
from agent.settings import Drain

POLL_SECONDS = 2.0


class ApiDrain:
    """See ports.Drain."""

    def __init__(self, api: Api, node: str, settings: Drain) -> None:
        self._api = api
        self._node = node
        self._path = f"/api/v1/nodes/{node}"
        self._settings = settings

    def start(self, transaction: str) -> None:
        """See ports.Drain.start."""
        stuck = [f"{_name(pod)} {why}" for pod in self._pods() if (why := self._unsafe(pod))]
        if stuck:
            raise Waiting("the node cannot be drained: " + ", ".join(stuck), reason="DrainBlocked")
        self._cordon(transaction)
        try:
            self._evict_all()
        except AgentError:
            self.finish()
            raise

    def finish(self) -> None:
        """See ports.Drain.finish."""
        node = self._api.get(self._path)
        if names.ANNOTATION_CORDONED in node["metadata"].get("annotations", {}):
            annotations = {names.ANNOTATION_CORDONED: None}
            body = {"metadata": {"annotations": annotations}, "spec": {"unschedulable": None}}
            self._api.patch(self._path, body)

    def _cordon(self, transaction: str) -> None:
        node = self._api.get(self._path)
        if node.get("spec", {}).get("unschedulable"):
            return
        metadata = {
            "resourceVersion": node["metadata"]["resourceVersion"],
            "annotations": {names.ANNOTATION_CORDONED: transaction},
        }
        self._api.patch(self._path, {"metadata": metadata, "spec": {"unschedulable": True}})

    def _evict_all(self) -> None:
        deadline = time.monotonic() + self._settings.timeout_seconds
        refused: dict[str, str] = {}
        while True:
            pods = self._pods()
            if not pods:
                return
            refused = {_name(pod): why for pod in pods if (why := self._evict(pod))}
            if time.monotonic() >= deadline:
                left = [f"{_name(pod)} ({refused.get(_name(pod), 'still ending')})" for pod in pods]
                raise Waiting(
                    f"not drained within {self._settings.timeout_seconds} s: {', '.join(left)}",
                    reason="DrainBlocked",
                )
            time.sleep(POLL_SECONDS)

    def _pods(self) -> list[Json]:
        """What must leave: not what a DaemonSet or the kubelet itself brings back, not what has ended."""
        listed = self._api.get("/api/v1/pods", fieldSelector=f"spec.nodeName={self._node}")
        return [pod for pod in listed.get("items", []) if not _stays(pod)]

    def _unsafe(self, pod: Json) -> str:
        if not _owner(pod) and not self._settings.force:
            return "has no controller that would start it elsewhere (drain.force allows it)"
        local = any("emptyDir" in volume for volume in pod["spec"].get("volumes", []))
        return "has an emptyDir (drain.deleteEmptyDirData allows it)" if local and self._keeps_local() else ""

    def _keeps_local(self) -> bool:
        return not self._settings.delete_empty_dir_data

    def _evict(self, pod: Json) -> str:
        """Ask once; returns why it was refused."""
        metadata = pod["metadata"]
        if metadata.get("deletionTimestamp"):
            return ""
        name = {"name": metadata["name"], "namespace": metadata["namespace"]}
        body = {
            "apiVersion": "policy/v1",
            "kind": "Eviction",
            "metadata": name,
            # The name may belong to a successor by now.
            "deleteOptions": {"preconditions": {"uid": metadata["uid"]}},
        }
        path = f"/api/v1/namespaces/{metadata['namespace']}/pods/{metadata['name']}/eviction"
        try:
            self._api.post(path, body)
        except KubeError as error:
            if error.status in (404, 409):
                return ""
            if error.status in (429, 500):
                return str(error).split(": ", 1)[-1]
            raise
        return ""


def _stays(pod: Json) -> bool:
    ended = pod.get("status", {}).get("phase") in ("Succeeded", "Failed")
    mirror = "kubernetes.io/config.mirror" in pod["metadata"].get("annotations", {})
    return ended or mirror or _owner(pod).get("kind") == "DaemonSet"


def _owner(pod: Json) -> Json:
    owners = pod["metadata"].get("ownerReferences", [])
    return next((dict(owner) for owner in owners if owner.get("controller")), {})


def _name(pod: Json) -> str:
    return f"{pod['metadata']['namespace']}/{pod['metadata']['name']}"
