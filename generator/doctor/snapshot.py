"""What was read of a cluster at one time, and what could not be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

Object = dict[str, Any]

RELEASES = "helm releases"
"""What may be refused beside resources and Secrets."""


class Api(NamedTuple):
    """A kind that the API server serves: `resource` is its full name, such as `issuers.cert-manager.io`."""

    resource: str
    api_version: str
    kind: str
    namespaced: bool


@dataclass(frozen=True)
class ReleaseState:
    """A helm release: helm's word for its status, and the values that it was given."""

    status: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Snapshot:
    """Objects by full resource name. `refused` says why a resource is not among them.

    `secrets` are the names, by namespace, of those that were asked for and are there. A Secret whose
    `namespace/name` is in `refused` may be there or not.
    """

    server_version: str = ""
    apis: Sequence[Api] = ()
    objects: Mapping[str, Sequence[Object]] = field(default_factory=dict)
    secrets: Mapping[str, Sequence[str]] = field(default_factory=dict)
    release: ReleaseState | None = None
    refused: Mapping[str, str] = field(default_factory=dict)

    def all(self, resource: str) -> Sequence[Object]:
        """The objects of a resource; none where the cluster does not serve it."""
        return self.objects.get(resource, ())

    def find(self, resource: str, name: str, namespace: str = "") -> Object | None:
        """One object."""
        return next(
            (one for one in self.all(resource) if place_of(one) == (namespace, name)),
            None,
        )

    def api_of(self, manifest: Mapping[str, Any]) -> Api | None:
        """The API of an object, in any version of its group; None where the cluster does not serve it."""
        return next((one for one in self.apis if one.kind == manifest["kind"] and _same(one, manifest)), None)


def _same(api: Api, manifest: Mapping[str, Any]) -> bool:
    return group_of(api.api_version) == group_of(manifest["apiVersion"])


def group_of(api_version: str) -> str:
    """`apps` of `apps/v1`; "" of `v1`."""
    return api_version.rpartition("/")[0]


def place_of(one: Mapping[str, Any]) -> tuple[str, str]:
    """Namespace ("" for none) and name."""
    return one["metadata"].get("namespace", ""), one["metadata"]["name"]


def condition(one: Mapping[str, Any], kind: str) -> Mapping[str, Any]:
    """A condition of the object's status; empty where it has none of that type."""
    found = (one.get("status") or {}).get("conditions") or ()
    return next((item for item in found if item["type"] == kind), {})


def labels_of(one: Mapping[str, Any]) -> Mapping[str, str]:
    """The object's labels."""
    return one["metadata"].get("labels") or {}


def annotations_of(one: Mapping[str, Any]) -> Mapping[str, str]:
    """The object's annotations."""
    return one["metadata"].get("annotations") or {}
