"""What is in a cluster: every object of every kind, and what was asked of the objects of a release."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from generator.cluster.kubectl import Kubectl

# They come and go by themselves, or follow from other objects.
_PASSING = ("events", "events.events.k8s.io", "leases.coordination.k8s.io")
_DERIVED = ("Pod", "ReplicaSet", "Endpoints", "EndpointSlice")
_SERVER_SIDE = ("uid", "resourceVersion", "generation", "creationTimestamp", "managedFields")
_COLUMNS = "kind:.kind,namespace:.metadata.namespace,name:.metadata.name,uid:.metadata.uid"


class Key(NamedTuple):
    """Which object; `namespace` is "" for those without one."""

    kind: str
    namespace: str
    name: str


def all_objects(kubectl: Kubectl) -> dict[Key, str]:
    """The uid of every object of every kind that the API server lists, passing ones aside."""
    table = kubectl.run(
        "get", _kinds(kubectl), "--all-namespaces", "--no-headers", f"--output=custom-columns={_COLUMNS}"
    )
    rows = (line.split() for line in table.stdout.splitlines())
    return {Key(kind, namespace.replace("<none>", ""), name): uid for kind, namespace, name, uid in rows}


def release_objects(kubectl: Kubectl, release: str) -> dict[Key, dict[str, Any]]:
    """What was asked of each object of a release: without status and what the server fills in."""
    found = kubectl.get_all(_kinds(kubectl), selector=f"app.kubernetes.io/instance={release}")
    return {
        Key(one["kind"], one["metadata"].get("namespace", ""), one["metadata"]["name"]): _asked(one)
        for one in found
        if one["kind"] not in _DERIVED
    }


def eventually(check: Callable[[], object], seconds: float = 40) -> None:
    """Until `check` raises no AssertionError any more; at the end of the time its last one."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            check()
            return
        except AssertionError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.3)


def _kinds(kubectl: Kubectl) -> str:
    names = kubectl.run("api-resources", "--verbs=list", "--output=name").stdout.split()
    return ",".join(name for name in names if name not in _PASSING)


def _asked(one: dict[str, Any]) -> dict[str, Any]:
    metadata = {key: value for key, value in one["metadata"].items() if key not in _SERVER_SIDE}
    metadata["annotations"] = {
        key: value
        for key, value in metadata.get("annotations", {}).items()
        if key != "deployment.kubernetes.io/revision"
    }
    body = {key: value for key, value in one.items() if key != "status"} | {"metadata": metadata}
    for port in _ports(body):
        port.pop("nodePort", None)  # chosen by the server, each time anew
    return body


def _ports(body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if body["kind"] == "Service":
        yield from body["spec"]["ports"]


def as_json(value: object) -> str:
    """For comparisons whose difference one wants to read."""
    return json.dumps(value, indent=1, sort_keys=True)
