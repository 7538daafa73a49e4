"""The node object: labels, taints, the condition NodePrepared, events."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from agent import names
from agent.errors import KubeError
from agent.kube.client import STRATEGIC, Api, Json

POLL_SECONDS = 2.0
EVENT_NAMESPACE = "default"  # where events of objects without a namespace belong


class ApiNode:
    """See ports.Cluster."""

    joined = True

    def __init__(self, api: Api, name: str) -> None:
        self._api = api
        self._name = name
        self._path = f"/api/v1/nodes/{name}"
        self._seen = ""

    def metadata(self) -> tuple[Mapping[str, str], Sequence[Mapping[str, Any]]]:
        """See ports.Cluster.metadata."""
        node = self._api.get(self._path)
        self._seen = node["metadata"]["resourceVersion"]
        return node["metadata"].get("labels", {}), node.get("spec", {}).get("taints", [])

    def set_metadata(
        self, labels: Mapping[str, str | None], taints: Sequence[Mapping[str, Any]] | None
    ) -> None:
        """See ports.Cluster.set_metadata; a list is replaced as a whole, so only the one seen may be."""
        body: Json = {"metadata": {"labels": dict(labels)}}
        if taints is not None:
            body["metadata"]["resourceVersion"] = self._seen
            body["spec"] = {"taints": list(taints)}
        self._api.patch(self._path, body)

    def wait_ready(self, seconds: float) -> str:
        """See ports.Cluster.wait_ready."""
        deadline = time.monotonic() + seconds
        while True:
            ready = _condition(self._api.get(self._path), "Ready")
            if ready.get("status") == "True":
                return ""
            if time.monotonic() >= deadline:
                return str(ready.get("message", "it has no condition Ready"))
            time.sleep(POLL_SECONDS)

    def publish(self, ok: bool, reason: str, message: str, annotations: Mapping[str, str]) -> None:
        """See ports.Cluster.publish; what is there already is not written again."""
        node = self._api.get(self._path)
        present = node["metadata"].get("annotations", {})
        changed = {key: value for key, value in annotations.items() if present.get(key) != value and value}
        if changed:
            self._api.patch(self._path, {"metadata": {"annotations": changed}})
        old = _condition(node, names.CONDITION)
        status = "True" if ok else "False"
        if (old.get("status"), old.get("reason"), old.get("message")) == (status, reason, message):
            return
        now = _now()
        same = old.get("status") == status
        condition = {
            "type": names.CONDITION,
            "status": status,
            "reason": reason,
            "message": message,
            "lastHeartbeatTime": now,
            "lastTransitionTime": old.get("lastTransitionTime", now) if same else now,
        }
        self._api.patch(f"{self._path}/status", {"status": {"conditions": [condition]}}, STRATEGIC)
        self._event("Normal" if ok else "Warning", reason, message)

    def _event(self, kind: str, reason: str, message: str) -> None:
        now = _now()
        body = {
            "apiVersion": "v1",
            "kind": "Event",
            "metadata": {"generateName": f"{self._name}-node-prep-", "namespace": EVENT_NAMESPACE},
            # The kubelet's own events have the name as UID; `kubectl describe node` looks for it.
            "involvedObject": {"kind": "Node", "name": self._name, "uid": self._name, "apiVersion": "v1"},
            "reason": reason,
            "message": message,
            "type": kind,
            "source": {"component": "labhelm-node-prep", "host": self._name},
            "firstTimestamp": now,
            "lastTimestamp": now,
            "count": 1,
        }
        try:
            self._api.post(f"/api/v1/namespaces/{EVENT_NAMESPACE}/events", body)
        except KubeError as error:
            # The condition says the same; a quota on events must not fail a run.
            if error.status == 0:
                raise


def _condition(node: Json, kind: str) -> Json:
    found = [item for item in node.get("status", {}).get("conditions", []) if item["type"] == kind]
    return dict(found[0]) if found else {}


def _now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
