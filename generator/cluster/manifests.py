"""Rendered manifests: which namespaces they make, which Secrets and pull secrets their pods need."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

Manifest = dict[str, Any]

MAKE_SECRET = "labhelm.io/make-secret"
"""Annotation of a workload: `<secret>/<key>` that holds a login token of our own, made once if missing."""


@dataclass(frozen=True, order=True)
class SecretNeed:
    """A Secret's key that pods in a namespace wait for; `generated` ones are random tokens."""

    namespace: str
    name: str
    key: str = ""
    generated: bool = False


def parse(text: str) -> list[Manifest]:
    """The documents of rendered manifests, in their order."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return [document for document in yaml.load_all(text, Loader=loader) if document]


def namespaces(manifests: Sequence[Manifest]) -> list[Manifest]:
    """The Namespace objects among them."""
    return [one for one in manifests if one["kind"] == "Namespace"]


def secret_needs(manifests: Sequence[Manifest], namespace: str) -> list[SecretNeed]:
    """The Secrets that the pods need; `namespace` is where objects without one go."""
    found = set()
    for one in manifests:
        where = one["metadata"].get("namespace") or namespace
        wanted = one["metadata"].get("annotations", {}).get(MAKE_SECRET, "")
        for name, key in _references(_pod_spec(one)):
            found.add(SecretNeed(where, name, key, generated=f"{name}/{key}" == wanted))
    return sorted(found)


def pull_secret_needs(manifests: Sequence[Manifest], namespace: str) -> list[SecretNeed]:
    """The pull secrets that pods and accounts name."""
    return sorted(
        {
            SecretNeed(one["metadata"].get("namespace") or namespace, secret["name"])
            for one in manifests
            for secret in (*_pod_spec(one).get("imagePullSecrets", ()), *one.get("imagePullSecrets", ()))
        }
    )


def _pod_spec(manifest: Manifest) -> Manifest:
    spec = manifest.get("spec") or {}
    if manifest["kind"] == "Pod":
        return dict(spec)
    if manifest["kind"] == "CronJob":
        spec = spec.get("jobTemplate", {}).get("spec", {})
    return dict(spec.get("template", {}).get("spec", {}) if isinstance(spec.get("template"), dict) else {})


def _references(pod: Manifest) -> Iterator[tuple[str, str]]:
    for container in (*pod.get("initContainers", ()), *pod.get("containers", ())):
        for variable in container.get("env", ()):
            reference = variable.get("valueFrom", {}).get("secretKeyRef")
            if reference and not reference.get("optional"):
                yield reference["name"], reference["key"]
    for volume in pod.get("volumes", ()):
        secret = volume.get("secret")
        if secret and not secret.get("optional"):
            yield secret["secretName"], ""
