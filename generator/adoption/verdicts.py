"""What becomes of each object that the platform makes and that the cluster has already. Pure functions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from generator.cluster.manifests import Manifest
from generator.cluster.preparing import NAMESPACE, RELEASE

ADOPTED = ("Namespace", "PersistentVolume", "PersistentVolumeClaim", "ConfigMap", "StorageClass")
"""Kinds that are taken over. Programs are not: two of one name would fight, so one of them must go first."""
_NOT_TOLD = ("status",)
_OWN_METADATA = ("labels", "annotations")
_MARKS = ("app.kubernetes.io/", "helm.sh/", "meta.helm.sh/")
"""Labels and annotations that only say whose an object is."""


class Verdict(Enum):
    """What can be done with an object."""

    OURS = "is ours already"
    ADOPT = "adopt"
    REFUSED = "cannot be taken over"

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True)
class Owner:
    """A helm release."""

    release: str
    namespace: str


@dataclass(frozen=True)
class Found:
    """An object that is in the cluster, and what becomes of it."""

    kind: str
    namespace: str
    name: str
    verdict: Verdict
    reason: str = ""
    changes: tuple[str, ...] = ()
    """What taking it over changes in it: `path: old -> new`."""

    def __str__(self) -> str:
        return f"{self.kind} {self.namespace}/{self.name}" if self.namespace else f"{self.kind} {self.name}"


def owner_of(live: Manifest) -> Owner | None:
    """The release that the object belongs to."""
    marks = live["metadata"].get("annotations", {})
    return Owner(marks[RELEASE], marks.get(NAMESPACE, "")) if RELEASE in marks else None


def hindrance(live: Manifest, ours: Owner) -> str:
    """Why it cannot be taken over, or ""."""
    owner = owner_of(live)
    if owner and owner != ours:
        return (
            f"it belongs to release {owner.release} in {owner.namespace}: "
            "uninstall that first, keeping its data, or take another name"
        )
    if live["kind"] not in ADOPTED:
        return "another program has this name: delete it, or take another name of the release"
    return ""


def reserved_elsewhere(wanted: Manifest, volumes: Mapping[str, Manifest]) -> str:
    """Name of another live volume for the same claim as the wanted PersistentVolume, or ""."""
    if wanted["kind"] != "PersistentVolume" or wanted["metadata"]["name"] in volumes:
        return ""
    place = _claim(wanted)
    return next((name for name, live in volumes.items() if _claim(live) == place), "")


def _claim(volume: Manifest) -> tuple[str, str]:
    claim = volume["spec"].get("claimRef") or {}
    return claim.get("namespace", ""), claim.get("name", "")


def changes(live: Manifest, after: Manifest) -> tuple[str, ...]:
    """How the object differs after we applied ours; what the server keeps of it for itself is left out."""
    return tuple(_differences(_told(live), _told(after)))


def _told(manifest: Manifest) -> Manifest:
    told = {key: value for key, value in manifest.items() if key not in (*_NOT_TOLD, "metadata")}
    metadata = manifest["metadata"]
    return {**told, **{key: _meaning(metadata.get(key, {})) for key in _OWN_METADATA}}


def _meaning(marks: Mapping[str, str]) -> dict[str, str]:
    return {key: value for key, value in marks.items() if not key.startswith(_MARKS)}


def _differences(old: object, new: object, path: str = "") -> Iterator[str]:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted({*old, *new}):
            yield from _differences(old.get(key), new.get(key), f"{path}.{key}" if path else str(key))
    elif old != new:
        yield f"{path}: {_short(old)} -> {_short(new)}"


def _short(value: object) -> str:
    text = "nothing" if value is None else str(value)
    return text if len(text) <= 40 else f"{text[:37]}..."
