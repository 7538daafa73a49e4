"""What must be in the cluster before helm waits: namespaces that helm then takes over, and login tokens."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence

from generator.cluster.kubectl import Kubectl
from generator.cluster.manifests import Manifest, SecretNeed

RELEASE, NAMESPACE = "meta.helm.sh/release-name", "meta.helm.sh/release-namespace"
"""Annotations by which helm knows its own objects."""
AS_HELM = ("apply", "--server-side", "--force-conflicts", "--field-manager=helm", "--filename=-")
"""kubectl's arguments to apply as helm 4 does: it stops at fields that another program has set."""
_TOKEN_BYTES = 24


def ensure_namespaces(
    kubectl: Kubectl, wanted: Sequence[Manifest], release: str, namespace: str
) -> list[str]:
    """Make the missing ones, marked as the release's own so that helm takes them over; their names.

    Pods wait for Secrets, Secrets need namespaces, and helm waits for the pods: somebody has to begin.
    """
    made = []
    for one in wanted:
        name = one["metadata"]["name"]
        if kubectl.find("namespace", name) is None:
            kubectl.run(*AS_HELM, stdin=json.dumps(owned(one, release, namespace)))
            made.append(name)
    return made


def owned(manifest: Manifest, release: str, namespace: str) -> Manifest:
    """The manifest, marked as helm marks a release's objects."""
    metadata = manifest["metadata"]
    owner = {RELEASE: release, NAMESPACE: namespace}
    return {
        **manifest,
        "metadata": {
            **metadata,
            "labels": {**metadata.get("labels", {}), "app.kubernetes.io/managed-by": "Helm"},
            "annotations": {**metadata.get("annotations", {}), **owner},
        },
    }


def ensure_tokens(kubectl: Kubectl, needs: Sequence[SecretNeed]) -> list[SecretNeed]:
    """Make the missing Secrets that hold a token of our own, each once; what was made.

    The value goes to kubectl by standard input: it is in no command line, file or log.
    """
    made = []
    for need in needs:
        if need.generated and kubectl.find("secret", need.name, namespace=need.namespace) is None:
            kubectl.apply(json.dumps(_token_secret(need)))
            made.append(need)
    return made


def missing_secrets(kubectl: Kubectl, needs: Sequence[SecretNeed]) -> list[SecretNeed]:
    """The Secrets that are not there: pods wait for them until someone makes them."""
    return [need for need in needs if kubectl.find("secret", need.name, namespace=need.namespace) is None]


def _token_secret(need: SecretNeed) -> Manifest:
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {
            "name": need.name,
            "namespace": need.namespace,
            "labels": {"app.kubernetes.io/managed-by": "labhelm"},
        },
        "type": "Opaque",
        "stringData": {need.key: secrets.token_urlsafe(_TOKEN_BYTES)},
    }
