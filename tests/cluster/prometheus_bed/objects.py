"""Objects of others: the operator's definition of Prometheus, exporters' pods and Services."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

from generator.cluster.kubectl import Kubectl
from generator.output.yaml_text import dump
from tests.cluster.prometheus_bed.bed import wait_for

Manifest = dict[str, Any]


def bring_definitions(kubectl: Kubectl, folder: Path) -> None:
    """Upstream's definitions in the folder, and that of Prometheus, once the server serves them."""
    definitions = [
        *(yaml.safe_load(file.read_text()) for file in sorted(folder.glob("*.yaml"))),
        _prometheus(),
    ]
    items = {"apiVersion": "v1", "kind": "List", "items": definitions}
    kubectl.run("create", "--filename=-", stdin=json.dumps(items))
    names = [one["metadata"]["name"] for one in definitions]
    wait_for(lambda: all(_is_established(kubectl, name) for name in names), "the definitions are served")


def _is_established(kubectl: Kubectl, name: str) -> bool:
    """Not `kubectl wait`: it fails on a definition that has no conditions yet."""
    conditions = kubectl.get("crd", name).get("status", {}).get("conditions") or ()
    return any(one["type"] == "Established" and one["status"] == "True" for one in conditions)


def _prometheus() -> Manifest:
    """The kind Prometheus, which ../shared has not: any content, as the test writes it itself."""
    names = {"kind": "Prometheus", "plural": "prometheuses", "singular": "prometheus"}
    schema = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    scale = {
        "specReplicasPath": ".spec.shards",
        "statusReplicasPath": ".status.shards",
        "labelSelectorPath": ".status.selector",
    }
    version = {
        "name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema},
        "subresources": {"status": {}, "scale": scale},
    }  # fmt: skip
    group = "monitoring.coreos.com"
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{names['plural']}.{group}"},
        "spec": {"group": group, "names": names, "scope": "Namespaced", "versions": [version]},
    }


def exporter(namespace: str, name: str, labels: dict[str, str], port: str, nodes: tuple[str, ...]) -> str:
    """A Service with a pod on each node; gpu-operator's has its labels on both, and this port's name."""
    meta = {"name": name, "namespace": namespace, "labels": labels}
    ports = [{"name": port, "port": 9400, "targetPort": 9400}]
    items: list[Manifest] = [
        {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": meta,
            "spec": {"selector": labels, "ports": ports},
        }
    ]
    for node in nodes:
        container = {"name": "exporter", "image": "none", "ports": [{"containerPort": 9400}]}
        items.append(
            {
                "apiVersion": "v1",
                "kind": "Pod",
                "metadata": {**meta, "name": f"{name}-{node}"},
                "spec": {"nodeName": node, "containers": [container]},
            }
        )
    return dump({"apiVersion": "v1", "kind": "List", "items": items})


def state_monitor(namespace: str, release: str, labels: dict[str, str]) -> str:
    """The stack's own monitor of kube-state-metrics."""
    endpoint = {"port": "http", "interval": "1s", "honorLabels": True}
    return dump(
        {
            "apiVersion": "monitoring.coreos.com/v1",
            "kind": "ServiceMonitor",
            "metadata": {"name": "state", "namespace": namespace, "labels": {"release": release}},
            "spec": {"selector": {"matchLabels": labels}, "endpoints": [endpoint]},
        }
    )
