"""Argo CD: an Application for each release, one of all of them, and the health rule that makes waves wait."""

from __future__ import annotations

from typing import Any

from generator.base.layer import Layer, Release
from generator.base.model import Chart, Objects, OwnChart
from generator.delivery.git_engines import Git
from generator.delivery.paths import base_folder, objects_folder, values_file
from generator.output.yaml_lines import lines as dump

NAMESPACE = "argocd"
_API = "argoproj.io/v1alpha1"
_SERVER = "https://kubernetes.default.svc"
_OPTIONS = ["ServerSideApply=true", "SkipDryRunOnMissingResource=true", "RespectIgnoreDifferences=true"]
HEALTH = """\
hs = {status = "Progressing", message = "waiting for health and sync"}
if obj.status ~= nil and obj.status.health ~= nil and obj.status.sync ~= nil then
  if obj.status.health.status == "Degraded" then
    hs.status = "Degraded"
    hs.message = obj.status.health.message or "an object is degraded"
  elseif obj.status.health.status == "Healthy" and obj.status.sync.status == "Synced" then
    hs.status = "Healthy"
    hs.message = "healthy and in sync"
  end
end
return hs
"""
"""Without it a wave of Applications does not wait; with health alone it goes on while objects are missing."""


def argocd_files(layer: Layer, git: Git, head: str) -> dict[str, str]:
    """Path to text."""
    folder = f"{base_folder(layer.name)}/argocd"
    applications = [application(layer, one, git) for one in layer.releases]
    return {
        f"{folder}/root.yaml": head + dump(_root(layer, git)),
        f"{folder}/argocd-cm.yaml": head + dump(_health()),
        f"{folder}/applications/applications.yaml": head + "---\n".join(map(dump, applications)),
    }


def application(layer: Layer, release: Release, git: Git) -> dict[str, Any]:
    """The Application of one release."""
    return {
        "apiVersion": _API,
        "kind": "Application",
        "metadata": {
            "name": f"{layer.name}-{release.key}",
            "namespace": NAMESPACE,
            "annotations": {"argocd.argoproj.io/sync-wave": str(release.wave)},
            "labels": {"app.kubernetes.io/part-of": layer.name},
        },
        "spec": {
            "project": "default",
            "destination": {"server": _SERVER, "namespace": release.namespace.name},
            **_sources(layer, release, git),
            "syncPolicy": _policy(release),
        },
    }


def _sources(layer: Layer, release: Release, git: Git) -> dict[str, Any]:
    ours = {"repoURL": git.repository, "targetRevision": git.revision}
    if isinstance(release.source, Objects):
        return {"source": {**ours, "path": objects_folder(layer.name, release)}}
    file = values_file(layer.name, release)
    if isinstance(release.source, OwnChart):
        helm = {"releaseName": release.name, "valueFiles": [f"/{file}"]}
        return {"source": {**ours, "path": release.source.path, "helm": helm}}
    chart = release.source
    helm = {"releaseName": release.name, "valueFiles": [f"$values/{file}"]}
    upstream = {"repoURL": _repository(chart), "chart": chart.name, "targetRevision": chart.version}
    return {"sources": [{**upstream, "helm": helm}, {**ours, "ref": "values"}]}


def _repository(chart: Chart) -> str:
    """Argo CD writes registries without oci://."""
    return chart.repository.removeprefix("oci://")


def _policy(release: Release) -> dict[str, Any]:
    """Nothing is pruned by itself: an entry that goes from a profile must not take data along."""
    keep = [] if not isinstance(release.source, Objects) else ["Prune=false"]
    return {
        "automated": {"prune": False, "selfHeal": True},
        "syncOptions": [*_OPTIONS, *keep],
        "retry": {"limit": 10, "backoff": {"duration": "10s", "factor": 2, "maxDuration": "5m"}},
    }


def _root(layer: Layer, git: Git) -> dict[str, Any]:
    path = f"{base_folder(layer.name)}/argocd/applications"
    return {
        "apiVersion": _API,
        "kind": "Application",
        "metadata": {"name": layer.name, "namespace": NAMESPACE},
        "spec": {
            "project": "default",
            "destination": {"server": _SERVER, "namespace": NAMESPACE},
            "source": {"repoURL": git.repository, "targetRevision": git.revision, "path": path},
            "syncPolicy": {"automated": {"prune": False, "selfHeal": True}},
        },
    }


def _health() -> dict[str, Any]:
    key = "resource.customizations.health.argoproj.io_Application"
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {
            "name": "argocd-cm",
            "namespace": NAMESPACE,
            "labels": {"app.kubernetes.io/name": "argocd-cm", "app.kubernetes.io/part-of": "argocd"},
        },
        "data": {key: HEALTH},
    }
