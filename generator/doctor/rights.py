"""The rights that doctor needs, as manifests: to read, and of Secrets only those that are named."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from generator.doctor.base import Wish
from generator.doctor.checks.custom_resources import is_custom
from generator.doctor.wanted_secrets import wanted_secrets
from generator.output.yaml_text import dump

NAME = "labhelm-doctor"
_READ = ["get", "list"]
_BUILT_IN: Sequence[tuple[str, list[str]]] = (
    (
        "",
        [
            "nodes",
            "namespaces",
            "persistentvolumes",
            "persistentvolumeclaims",
            "services",
            "resourcequotas",
        ],
    ),
    ("apps", ["daemonsets"]),
    ("storage.k8s.io", ["storageclasses"]),
    ("monitoring.coreos.com", ["prometheuses"]),
)


def rights(wish: Wish, namespace: str) -> str:
    """A ServiceAccount in `namespace` with its roles, as YAML.

    A Role for each namespace with Secrets: Kubernetes gives no right to see only that one is there.
    Helm's releases are Secrets without fixed names, and left out: doctor then cannot tell about the release.
    """
    documents = [
        _account(namespace),
        _cluster_role(wish),
        _binding("ClusterRoleBinding", "ClusterRole", "", namespace),
    ]
    names: dict[str, set[str]] = defaultdict(set)
    for need in wanted_secrets(wish):
        names[need.namespace].add(need.name)
    for place in sorted(names):
        documents += [_role(place, sorted(names[place])), _binding("RoleBinding", "Role", place, namespace)]
    return "---\n".join(dump(one) for one in documents)


def _account(namespace: str) -> dict[str, Any]:
    metadata = {"name": NAME, "namespace": namespace}
    return {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata}


def _cluster_role(wish: Wish) -> dict[str, Any]:
    groups: dict[str, set[str]] = defaultdict(set)
    for group, resources in _BUILT_IN:
        groups[group].update(resources)
    for one in filter(is_custom, wish.manifests):
        group = one["apiVersion"].partition("/")[0]
        groups[group].add(plural(one["kind"]))
    rules = [
        {"apiGroups": [group], "resources": sorted(resources), "verbs": _READ}
        for group, resources in sorted(groups.items())
    ]
    return _role_object("ClusterRole", {"name": NAME}, rules)


def _role(namespace: str, names: list[str]) -> dict[str, Any]:
    rule = {"apiGroups": [""], "resources": ["secrets"], "resourceNames": names, "verbs": ["get"]}
    return _role_object("Role", {"name": NAME, "namespace": namespace}, [rule])


def _role_object(kind: str, metadata: dict[str, str], rules: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": kind,
        "metadata": metadata,
        "rules": rules,
    }


def _binding(kind: str, role: str, place: str, account: str) -> dict[str, Any]:
    metadata = {"name": NAME} | ({"namespace": place} if place else {})
    subject = {"kind": "ServiceAccount", "name": NAME, "namespace": account}
    reference = {"apiGroup": "rbac.authorization.k8s.io", "kind": role, "name": NAME}
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": kind,
        "metadata": metadata,
        "roleRef": reference,
        "subjects": [subject],
    }


def plural(kind: str) -> str:
    """Resource of a kind of CRD; all that the charts use follow the rule."""
    name = kind.lower()
    if name.endswith("y"):
        return f"{name[:-1]}ies"
    return f"{name}es" if name.endswith(("s", "ch", "x")) else f"{name}s"
