"""No custom resource was left out for lack of its API, which helm does without a word."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from generator.cluster.manifests import Manifest
from generator.doctor.base import UP, Finding, Wish, note
from generator.doctor.snapshot import Snapshot, group_of
from generator.doctor.upstream import brings

_NAMED = 3
"""So many objects are named; the others are counted."""


def look(wish: Wish, snapshot: Snapshot) -> Iterator[Finding]:
    """See base.Look."""
    skipped: dict[str, list[str]] = defaultdict(list)
    found = 0
    for one in filter(is_custom, wish.manifests):
        api = snapshot.api_of(one)
        if api is None:
            skipped[one["apiVersion"]].append(f"{one['kind']} {one['metadata']['name']}")
            continue
        namespace = wish.place(one)[0] if api.namespaced else ""
        if snapshot.find(api.resource, one["metadata"]["name"], namespace) is None:
            yield Finding(f"{one['kind'].lower()} {_where(namespace, one)}", "is not in the cluster", UP)
        else:
            found += 1
    for api_version, names in sorted(skipped.items()):
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        yield Finding(
            api_version,
            f"is not served, so {', '.join(names[:_NAMED])}{more} are left out",
            brings(group_of(api_version)),
            f"then {' '.join(UP)} again",
        )
    if found:
        yield note("", f"{found} objects")


def is_custom(manifest: Manifest) -> bool:
    """Whether the object's API comes with a CRD."""
    group = group_of(manifest["apiVersion"])
    built_in = "." not in group or (group.endswith(".k8s.io") and group.count(".") == 2)
    return not built_in and group not in _LONG_BUILT_IN


_LONG_BUILT_IN = ("rbac.authorization.k8s.io", "flowcontrol.apiserver.k8s.io")
"""Kubernetes' own groups of the form that groups of CRDs have, such as gateway.networking.k8s.io."""


def _where(namespace: str, one: Manifest) -> str:
    name = one["metadata"]["name"]
    return f"{namespace}/{name}" if namespace else str(name)
