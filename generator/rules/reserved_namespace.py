"""TEA101: a team would work in a namespace of Kubernetes or of the base layer."""

from __future__ import annotations

from collections.abc import Iterator

from generator.profile.model import Profile
from generator.rules.base import Finding, Names

RESERVED = (
    "default",
    "auth",
    "cattle-system",
    "cert-manager",
    "dask-operator",
    "gpu-operator",
    "istio-system",
    "kubeflow",
    "kubeflow-system",
    "kuberay-system",
    "kueue-system",
    "local-path-storage",
    "longhorn-system",
    "metallb-system",
    "monitoring",
    "nfs-subdir",
    "nfs-trial",
    "tigera-operator",
)
"""Beside all that begin with kube-."""


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding for each team in such a namespace."""
    for index, team in enumerate(profile.teams):
        namespace = team.team_namespace
        if namespace in RESERVED or namespace.startswith("kube-"):
            yield Finding(
                ("teams", index, "namespace" if team.namespace else "name"),
                f"the namespace {namespace} belongs to {_owner(namespace)}",
                "give the team another one with namespace:",
            )


def _owner(namespace: str) -> str:
    kubernetes = namespace == "default" or namespace.startswith("kube-")
    return "Kubernetes" if kubernetes else "the base layer"
