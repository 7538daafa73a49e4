"""Flux: a source for each repository, a HelmRelease for each release, values as ConfigMaps."""

from __future__ import annotations

from typing import Any

from generator.base.layer import Layer, Release
from generator.base.model import Chart, Objects, OwnChart
from generator.base.waves import wave_of
from generator.delivery.git_engines import Git
from generator.delivery.helmfile import repository_name
from generator.delivery.paths import base_folder, objects_folder, values_file
from generator.output.yaml_lines import lines as dump

NAMESPACE = "flux-system"
GIT = "platform"
"""Name of the GitRepository."""
_SOURCE = "source.toolkit.fluxcd.io/v1"
_HELM = "helm.toolkit.fluxcd.io/v2"
_KUSTOMIZE = "kustomize.toolkit.fluxcd.io/v1"
_PLAIN = str.maketrans({" ": "-", ",": None})
_CONFIG = "kustomize.config.k8s.io/v1beta1"


def flux_files(layer: Layer, git: Git, head: str) -> dict[str, str]:
    """Path to text: sources and values first, then a folder for each wave, and what ties them together."""
    folder = f"{base_folder(layer.name)}/flux"
    documents = {
        f"{folder}/sources.yaml": _sources(layer),
        f"{folder}/sync/sync.yaml": [_git(git), *_sync(layer)],
    }
    for place, releases in _waves(layer).items():
        documents[f"{place}/releases.yaml"] = [_release(layer, one) for one in releases]
    out = {path: head + "---\n".join(map(dump, all_)) for path, all_ in documents.items()}
    # kustomize reads no file above its folder, so the kustomization is where the values are.
    out[f"{base_folder(layer.name)}/kustomization.yaml"] = head + dump(_kustomization(layer))
    return out


def _waves(layer: Layer) -> dict[str, tuple[Release, ...]]:
    """Folder of each wave, in order."""
    folder = f"{base_folder(layer.name)}/flux/waves"
    named = enumerate(layer.waves.items())
    return {
        f"{folder}/{index:02d}-{wave_of(number).name.translate(_PLAIN)}": releases
        for index, (number, releases) in named
    }


def _git(git: Git) -> dict[str, Any]:
    ref = {"branch": git.revision}
    return _object(_SOURCE, "GitRepository", GIT, {"interval": "5m", "url": git.repository, "ref": ref})


def _sources(layer: Layer) -> list[dict[str, Any]]:
    """OCI charts have a source of their own each, with the version in it; the others share a repository."""
    found: dict[str, dict[str, Any]] = {}
    for release, chart in layer.charts():
        if chart.is_oci:
            ref = {"digest": chart.digest} if chart.digest else {"tag": chart.version}
            spec = {"interval": "1h", "url": chart.reference, "ref": ref}
            found[release.key] = _object(_SOURCE, "OCIRepository", release.key, spec)
        else:
            name = repository_name(chart.repository)
            found[name] = _object(
                _SOURCE, "HelmRepository", name, {"interval": "1h", "url": chart.repository}
            )
    return list(found.values())


def _release(layer: Layer, release: Release) -> dict[str, Any]:
    if isinstance(release.source, Objects):
        return _objects(layer, release)
    spec: dict[str, Any] = {
        "interval": "10m",
        "releaseName": release.name,
        "targetNamespace": release.namespace.name,
        "storageNamespace": release.namespace.name,
        "timeout": f"{release.timeout // 60}m",
        **_chart(layer, release),
        "install": {"crds": "Create", "remediation": {"retries": 10}},
        "upgrade": {"crds": "CreateReplace", "remediation": {"retries": 3}},
    }
    if isinstance(release.source, Chart):
        spec["valuesFrom"] = [{"kind": "ConfigMap", "name": _values_name(release)}]
    if needed := _needed(layer, release):
        spec["dependsOn"] = [{"name": one.key} for one in needed]
    return _object(_HELM, "HelmRelease", release.key, spec)


def _chart(layer: Layer, release: Release) -> dict[str, Any]:
    if isinstance(release.source, OwnChart):
        source = {"kind": "GitRepository", "name": GIT}
        # The charts' version stays while they change: each commit counts.
        path = release.source.path
        files = [f"{path}/values.yaml", values_file(layer.name, release)]
        spec = {"chart": path, "sourceRef": source, "reconcileStrategy": "Revision", "valuesFiles": files}
        return {"chart": {"spec": spec}}
    chart = release.source
    assert isinstance(chart, Chart)
    if chart.is_oci:
        return {"chartRef": {"kind": "OCIRepository", "name": release.key}}
    source = {"kind": "HelmRepository", "name": repository_name(chart.repository)}
    return {"chart": {"spec": {"chart": chart.name, "version": chart.version, "sourceRef": source}}}


def _objects(layer: Layer, release: Release) -> dict[str, Any]:
    spec: dict[str, Any] = {
        "interval": "10m",
        "sourceRef": {"kind": "GitRepository", "name": GIT},
        "path": f"./{objects_folder(layer.name, release)}",
        "prune": False,
        "wait": True,
        "timeout": f"{max(1, release.timeout // 60)}m",
    }
    return _object(_KUSTOMIZE, "Kustomization", release.key, spec)


def _needed(layer: Layer, release: Release) -> list[Release]:
    """Releases of the same wave that come before; earlier waves are ready, as `sync.yaml` says."""
    charts = [one for one in layer.releases if not isinstance(one.source, Objects)]
    return [one for one in charts if one.key in release.needs and one.wave == release.wave]


def _values_name(release: Release) -> str:
    return f"{release.key}-values"


def _kustomization(layer: Layer) -> dict[str, Any]:
    """Values keep their names; Flux looks at a ConfigMap with this label as soon as it changes."""
    watched = {"disableNameSuffixHash": True, "labels": {"reconcile.fluxcd.io/watch": "Enabled"}}
    return {
        "apiVersion": _CONFIG,
        "kind": "Kustomization",
        "namespace": NAMESPACE,
        "resources": ["flux/sources.yaml"],
        "generatorOptions": watched,
        "configMapGenerator": [
            {"name": _values_name(one), "files": [f"values.yaml=values/{one.key}.yaml"]}
            for one, _ in layer.charts()
        ],
    }


def _sync(layer: Layer) -> list[dict[str, Any]]:
    """One Kustomization for sources and values, then one for each wave: each waits for the last."""
    out = [_synced(layer.name, base_folder(layer.name), "")]
    for index, place in enumerate(_waves(layer)):
        out.append(_synced(f"{layer.name}-wave-{index:02d}", place, out[-1]["metadata"]["name"]))
    return out


def _synced(name: str, path: str, after: str) -> dict[str, Any]:
    spec: dict[str, Any] = {
        "interval": "10m",
        "sourceRef": {"kind": "GitRepository", "name": GIT},
        "path": f"./{path}",
        "prune": False,
        "wait": True,
        "timeout": "30m",
    }
    if after:
        spec["dependsOn"] = [{"name": after}]
    return _object(_KUSTOMIZE, "Kustomization", name, spec)


def _object(api: str, kind: str, name: str, spec: dict[str, Any]) -> dict[str, Any]:
    return {
        "apiVersion": api,
        "kind": kind,
        "metadata": {"name": name, "namespace": NAMESPACE},
        "spec": spec,
    }
