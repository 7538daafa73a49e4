"""A Prometheus of the cluster selects each of our monitors and rules: their labels, and their namespace."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from generator.doctor.base import Finding, Wish, note
from generator.doctor.selectors import Selector, matches
from generator.doctor.snapshot import Object, Snapshot, labels_of

_GROUP = "monitoring.coreos.com"
_KINDS = {
    "ServiceMonitor": ("servicemonitors", "serviceMonitor"),
    "PodMonitor": ("podmonitors", "podMonitor"),
    "PrometheusRule": ("prometheusrules", "rule"),
}
"""Kind -> resource, and how the keys of a Prometheus for it begin."""


def look(wish: Wish, snapshot: Snapshot) -> Iterator[Finding]:
    """See base.Look. One that is not there at all is a finding of custom-resources."""
    servers = snapshot.all(f"prometheuses.{_GROUP}")
    found = 0
    for wanted in wish.of_kind(*_KINDS):
        namespace, name = wish.place(wanted)
        resource, prefix = _KINDS[wanted["kind"]]
        live = snapshot.find(f"{resource}.{_GROUP}", name, namespace)
        if live is None:
            continue
        found += 1
        if not any(_selects(server, prefix, live, snapshot) for server in servers):
            yield _unselected(wanted["kind"], prefix, live, servers, snapshot)
    if found:
        yield note("", f"{found} monitors and rules")


def _selects(server: Object, prefix: str, live: Object, snapshot: Snapshot) -> bool:
    return matches(server["spec"].get(f"{prefix}Selector"), labels_of(live)) and _reaches(
        server, prefix, live, snapshot
    )


def _reaches(server: Object, prefix: str, live: Object, snapshot: Snapshot) -> bool:
    """Without a selector for namespaces a Prometheus looks into its own only."""
    selector: Selector | None = server["spec"].get(f"{prefix}NamespaceSelector")
    namespace = live["metadata"]["namespace"]
    if selector is None:
        return bool(namespace == server["metadata"]["namespace"])
    return matches(selector, _namespace_labels(snapshot, namespace))


def _unselected(
    kind: str, prefix: str, live: Object, servers: Sequence[Object], snapshot: Snapshot
) -> Finding:
    namespace, name = live["metadata"]["namespace"], live["metadata"]["name"]
    subject = f"{kind.lower()} {namespace}/{name}"
    if not servers:
        return Finding(
            subject,
            "no Prometheus is in the cluster",
            ("kubectl", "get", "prometheus", "-A"),
            "install kube-prometheus-stack",
        )
    near = next((one for one in servers if _reaches(one, prefix, live, snapshot)), None)
    if near is None:
        server = servers[0]
        selector = server["spec"].get(f"{prefix}NamespaceSelector") or {}
        return Finding(
            subject,
            f"no Prometheus looks into namespace {namespace}",
            _label("namespace", namespace, selector) or _show(server),
            f"{prefix}NamespaceSelector of the Prometheus decides",
        )
    selector = near["spec"].get(f"{prefix}Selector") or {}
    fix = _label(kind.lower(), name, selector, "-n", namespace) or _show(near)
    return Finding(
        subject,
        f"{near['metadata']['name']} does not select its labels",
        fix,
        "monitoring.release of the profile must be the release of the Prometheus",
    )


def _label(kind: str, name: str, selector: Selector, *where: str) -> tuple[str, ...]:
    """The command that makes the selector match; nothing for selectors that are no mere pairs."""
    pairs = [f"{key}={value}" for key, value in (selector.get("matchLabels") or {}).items()]
    if not pairs or selector.get("matchExpressions"):
        return ()
    return ("kubectl", *where, "label", kind, name, *pairs, "--overwrite")


def _show(server: Object) -> tuple[str, ...]:
    metadata = server["metadata"]
    return ("kubectl", "-n", metadata["namespace"], "get", "prometheus", metadata["name"], "-o", "yaml")


def _namespace_labels(snapshot: Snapshot, namespace: str) -> Mapping[str, str]:
    found = snapshot.find("namespaces", namespace)
    return labels_of(found) if found else {}
