"""Upstream's definitions of custom resources in a test cluster."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from generator.cluster.kubectl import Kubectl
from generator.doctor.snapshot import condition
from tests.cluster.live_objects import eventually

NETWORK = (
    ("metallb.io", "IPAddressPool"),
    ("metallb.io", "L2Advertisement"),
    ("cert-manager.io", "Certificate"),
    ("cert-manager.io", "ClusterIssuer"),
    ("cert-manager.io", "Issuer"),
    ("gateway.networking.k8s.io", "Gateway"),
    ("gateway.networking.k8s.io", "HTTPRoute"),
    ("networking.istio.io", "Gateway"),
)
KUBEFLOW = (("kubeflow.org", "PodDefault"),)
TRAINING = (
    ("trainer.kubeflow.org", "ClusterTrainingRuntime"),
    ("trainer.kubeflow.org", "TrainingRuntime"),
    ("trainer.kubeflow.org", "TrainJob"),
    ("kubeflow.org", "PyTorchJob"),
    ("kueue.x-k8s.io", "ClusterQueue"),
    ("kueue.x-k8s.io", "LocalQueue"),
    ("kueue.x-k8s.io", "ResourceFlavor"),
)
_FOLDERS = (
    "metallb",
    "cert-manager",
    "gateway-api",
    "istio",
    "kubeflow",
    *("trainer", "training-operator", "kueue"),
)


def bring_definitions(kubectl: Kubectl, upstream: Path, *wanted: tuple[str, str]) -> None:
    """The CRDs of these groups and kinds, once the server serves them: few, as each one costs it time."""
    found = {_names(one): one for one in _all(upstream) if _names(one) in wanted}
    assert found.keys() == set(wanted)
    items = {"apiVersion": "v1", "kind": "List", "items": list(found.values())}
    kubectl.run("create", "--filename=-", stdin=json.dumps(items))
    eventually(lambda: are_established(kubectl), 90)


def _all(upstream: Path) -> Iterator[dict[str, Any]]:
    for folder in _FOLDERS:
        for file in sorted((upstream / "crds" / folder).glob("*.yaml")):
            found = yaml.load_all(file.read_text(), yaml.CSafeLoader)
            yield from (one for one in found if one and one["kind"] == "CustomResourceDefinition")


def _names(definition: dict[str, Any]) -> tuple[str, str]:
    return definition["spec"]["group"], definition["spec"]["names"]["kind"]


def are_established(kubectl: Kubectl) -> None:
    """Fails until the server serves every definition that it has.

    Not `kubectl wait`: it fails on a CRD that has no conditions yet.
    """
    for one in kubectl.get_all("customresourcedefinitions"):
        assert condition(one, "Established").get("status") == "True", one["metadata"]["name"]


@contextmanager
def namespaces(kubectl: Kubectl, *names: str, labels: tuple[str, ...] = ()) -> Iterator[None]:
    """Namespaces of other releases; their removal is not waited for."""
    for name in names:
        kubectl.run("create", "namespace", name)
        if labels:
            kubectl.run("label", "namespace", name, *labels)
    try:
        yield
    finally:
        kubectl.delete("namespace", *names, wait=False)
