"""Where files of a profile's base layer are, from the project's root."""

from __future__ import annotations

from generator.base.layer import Release
from generator.base.model import OwnChart


def base_folder(name: str) -> str:
    """The base layer's folder of a profile."""
    return f"values/{name}/base"


def values_file(name: str, release: Release) -> str:
    """Values of a release from the project's root."""
    if isinstance(release.source, OwnChart):
        return release.source.values
    return f"{base_folder(name)}/values/{release.key}.yaml"


def objects_folder(name: str, release: Release) -> str:
    """Folder with the kustomization of a release of plain objects."""
    return f"{base_folder(name)}/objects/{release.key}"
