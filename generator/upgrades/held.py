"""What of the values holds data: volumes and claims, with all that Kubernetes lets nobody change in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_SOURCES = ("nfs", "csi", "local", "hostPath", "iscsi", "source")


@dataclass(frozen=True)
class Held:
    """A claim and, where it is static, the volume that is reserved for it.

    `key` is the volume's name in the profile; `source` is empty where a class makes the volume. `claim_size`
    is what the claim asks for, `namespace` "" that of the release.
    """

    key: str
    namespace: str
    claim: str
    volume: str
    size: str
    claim_size: str
    access: tuple[str, ...]
    mode: str
    class_name: str
    source: Mapping[str, Any]
    nodes: tuple[str, ...]

    @property
    def place(self) -> tuple[str, str]:
        """Namespace and name of the claim."""
        return self.namespace, self.claim

    @property
    def is_static(self) -> bool:
        """Whether the volume was there before the claim."""
        return bool(self.source)


def held(values: Mapping[str, Any]) -> dict[str, Held]:
    """All of them by the volume's name in the profile."""
    storage = values.get("storage") or {}
    volumes = {key: _volume(key, one) for key, one in (storage.get("volumes") or {}).items()}
    claims = {key: _claim(key, one) for key, one in (storage.get("claims") or {}).items()}
    return volumes | claims


def _volume(key: str, one: Mapping[str, Any]) -> Held:
    claim = one.get("claim") or {}
    namespace, name = claim.get("namespace", ""), claim.get("name") or key
    return Held(
        key,
        namespace,
        name,
        one.get("name") or f"{namespace}.{name}",
        one.get("size", "0"),
        claim.get("size") or one.get("size", "0"),
        tuple(one.get("accessModes") or ("ReadWriteOnce",)),
        one.get("volumeMode", "Filesystem"),
        one.get("className", ""),
        {kind: one[kind] for kind in _SOURCES if one.get(kind)},
        tuple(one.get("nodes") or ()),
    )


def _claim(key: str, one: Mapping[str, Any]) -> Held:
    return Held(
        key,
        one.get("namespace", ""),
        one.get("name") or key,
        "",
        one.get("size", "0"),
        one.get("size", "0"),
        tuple(one.get("accessModes") or ("ReadWriteOnce",)),
        one.get("volumeMode", "Filesystem"),
        one.get("className", ""),
        {},
        (),
    )
