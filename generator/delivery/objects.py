"""Folders of plain objects: a kustomization that names our own files and pinned ones of upstreams."""

from __future__ import annotations

from typing import Any

from generator.base.layer import Layer, Release
from generator.base.model import Objects
from generator.delivery.paths import objects_folder
from generator.output.yaml_lines import lines as dump


def object_files(layer: Layer, head: str) -> dict[str, str]:
    """The kustomizations and their files."""
    out: dict[str, str] = {}
    for release in layer.releases:
        if isinstance(release.source, Objects):
            folder = objects_folder(layer.name, release)
            out[f"{folder}/kustomization.yaml"] = head + dump(kustomization(release))
            for file, documents in release.manifests.items():
                out[f"{folder}/{file}"] = head + "---\n".join(dump(one) for one in documents)
    return out


def kustomization(release: Release) -> dict[str, Any]:
    """The kustomization of a release of plain objects."""
    remotes = release.source.remotes if isinstance(release.source, Objects) else ()
    out: dict[str, Any] = {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "resources": [*(one.reference for one in remotes), *release.manifests],
        **release.components,
    }
    if release.patches:
        out["patches"] = list(release.patches)
    return out
