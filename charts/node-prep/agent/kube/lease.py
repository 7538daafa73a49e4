"""At most N nodes change at a time: one Lease object per slot, taken by compare and swap.

A slot whose holder is changing its node, or failed to, never runs out: a second node must not meet the same
fault. It is free again when the holder gives it back, or when a person deletes the Lease. Only a holder that
is still waiting, or whose node is gone from the cluster, loses it after `duration`.
"""

from __future__ import annotations

import calendar
import time

from agent import names
from agent.errors import KubeError, Waiting
from agent.kube.client import Api, Json
from agent.settings import Lease


class ApiLease:
    """See ports.Lease."""

    def __init__(self, api: Api, node: str, settings: Lease) -> None:
        self._api = api
        self._node = node
        self._settings = settings
        self._folder = f"/apis/coordination.k8s.io/v1/namespaces/{settings.namespace}/leases"

    def acquire(self) -> None:
        """See ports.Lease.acquire."""
        slots = {name: self._read(name) for name in self._names()}
        if any(_holder(lease) == self._node for lease in slots.values()):
            self.renew()
            return
        for name, lease in slots.items():
            if self._free(lease) and self._take(name, lease):
                return
        holders = [_describe(lease) for lease in map(self._read, self._names()) if _holder(lease)]
        raise Waiting(f"the lease is held by {', '.join(holders) or 'another node'}", reason="LeaseHeld")

    def phase(self, phase: str, reason: str = "") -> None:
        """See ports.Lease.phase."""
        annotations = {names.ANNOTATION_PHASE: phase, names.ANNOTATION_REASON: reason[:500]}
        for name, lease in self._mine():
            lease["metadata"].setdefault("annotations", {}).update(annotations)
            lease["spec"]["renewTime"] = _now()
            self._api.put(f"{self._folder}/{name}", lease)

    def renew(self) -> None:
        """See ports.Lease.renew."""
        for name, lease in self._mine():
            lease["spec"]["renewTime"] = _now()
            self._api.put(f"{self._folder}/{name}", lease)

    def release(self) -> None:
        """See ports.Lease.release."""
        for name, lease in self._mine():
            lease["spec"]["holderIdentity"] = ""
            lease["metadata"]["annotations"] = {}
            self._api.put(f"{self._folder}/{name}", lease)

    def _names(self) -> list[str]:
        return [f"{self._settings.name}-{slot}" for slot in range(self._settings.slots)]

    def _mine(self) -> list[tuple[str, Json]]:
        found = [(name, self._read(name)) for name in self._names()]
        return [(name, lease) for name, lease in found if _holder(lease) == self._node]

    def _read(self, name: str) -> Json:
        try:
            return self._api.get(f"{self._folder}/{name}")
        except KubeError as error:
            if error.status != 404:
                raise
            return {}

    def _free(self, lease: Json) -> bool:
        holder = _holder(lease)
        if not holder:
            return True
        spec = lease["spec"]
        age = time.time() - _seconds(spec.get("renewTime", ""))
        if age < spec.get("leaseDurationSeconds", self._settings.duration_seconds):
            return False
        waiting = _phase(lease) not in (names.PHASE_CHANGING, names.PHASE_FAILED)
        return waiting or self._gone(holder)

    def _gone(self, node: str) -> bool:
        try:
            self._api.get(f"/api/v1/nodes/{node}")
        except KubeError as error:
            return error.status == 404
        return False

    def _take(self, name: str, lease: Json) -> bool:
        """True when we have it; False when another was faster (409, from the version or the name)."""
        spec = {
            "holderIdentity": self._node,
            "leaseDurationSeconds": self._settings.duration_seconds,
            "acquireTime": _now(),
            "renewTime": _now(),
            "leaseTransitions": lease.get("spec", {}).get("leaseTransitions", 0) + 1,
        }
        metadata = {**lease.get("metadata", {}), "name": name, "namespace": self._settings.namespace}
        metadata["annotations"] = {names.ANNOTATION_PHASE: names.PHASE_DRAINING}
        body = {"apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": metadata, "spec": spec}
        try:
            self._api.put(f"{self._folder}/{name}", body) if lease else self._api.post(self._folder, body)
        except KubeError as error:
            if error.status == 409:
                return False
            raise
        return True


def _holder(lease: Json) -> str:
    return str(lease.get("spec", {}).get("holderIdentity") or "")


def _phase(lease: Json) -> str:
    return str(lease.get("metadata", {}).get("annotations", {}).get(names.ANNOTATION_PHASE, ""))


def _describe(lease: Json) -> str:
    reason = lease["metadata"].get("annotations", {}).get(names.ANNOTATION_REASON, "")
    return f"{_holder(lease)} ({_phase(lease)}{': ' + reason if reason else ''})"


def _now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S.000000Z", time.gmtime())


def _seconds(text: str) -> float:
    """Seconds since the epoch of an API time; long ago when there is none."""
    try:
        return float(calendar.timegm(time.strptime(text.split(".")[0].rstrip("Z"), "%Y-%m-%dT%H:%M:%S")))
    except ValueError:
        return 0.0
