"""What a profile needs of the base layer: questions that several entries ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.components.monitoring_labels import RELEASE_LABEL

if TYPE_CHECKING:
    from generator.profile.model import Profile

_SQLITE_SAFE = ("longhorn", "local-path")


def has_class(profile: Profile, *types: str) -> bool:
    """Whether a StorageClass of one of these types is wanted."""
    return any(one.type in types for one in profile.storage.classes.values())


def has_driver(profile: Profile, driver: str) -> bool:
    """Whether a volume names this CSI driver."""
    return any(one.csi is not None and one.csi.driver == driver for one in profile.storage.volumes.values())


def has_gpus(profile: Profile) -> bool:
    """Whether a machine has GPUs."""
    return any(node.gpus for node in profile.nodes)


def uses_gateway(profile: Profile) -> bool:
    """Whether pages are published by Gateway API."""
    return has_pages(profile) and profile.network.ingress in ("traefik", "envoy-gateway")


def has_pages(profile: Profile) -> bool:
    """Whether there is a domain to publish pages under."""
    return profile.network.domain is not None


def has_ingress(profile: Profile, kind: str) -> bool:
    """Whether this is the way in."""
    return has_pages(profile) and profile.network.ingress == kind


def needs_certificates(profile: Profile) -> bool:
    """Whether someone must make certificates: a TLS Secret of one's own needs nobody, webhooks do."""
    tls = profile.network.tls
    return (
        (tls is not None and tls.issuer != "secret")
        or "rancher" in profile.base.extras
        or profile.kubeflow is not None
    )


def service_monitor_labels(profile: Profile) -> dict[str, str]:
    """The label by which kube-prometheus-stack of this profile selects monitors."""
    return {RELEASE_LABEL: profile.monitoring.release} if profile.monitoring else {}


def host(profile: Profile, name: str) -> str:
    """Name of a page of the platform."""
    return f"{name}.{profile.network.domain}"


def database_class(profile: Profile, wanted: str | None = None) -> str:
    """Class for a volume with an SQLite file: NFS does not lock, so the first of the profile's that does.

    "" is the cluster's default class.
    """
    safe = [name for name, one in profile.storage.classes.items() if one.type in _SQLITE_SAFE]
    default = profile.storage.default
    return wanted or (default if default in safe else next(iter(safe), None)) or default or ""


def is_locking(profile: Profile, storage_class: str) -> bool:
    """Whether SQLite is safe on volumes of this class; of a class that is not ours nobody knows."""
    found = profile.storage.classes.get(storage_class)
    return found is None or found.type in (*_SQLITE_SAFE, "csi", "existing")


def monitor(profile: Profile, **more: Any) -> dict[str, Any]:
    """`serviceMonitor` as many charts have it: on, with the label that selects it, if there is monitoring."""
    if profile.monitoring is None:
        return {"enabled": False}
    return {"enabled": True, "additionalLabels": service_monitor_labels(profile), **more}


def claim_template(storage_class: str, size: str) -> dict[str, Any]:
    """A `volumeClaimTemplate` for one pod's own volume."""
    named = {"storageClassName": storage_class} if storage_class else {}
    return {"spec": {**named, "accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": size}}}}
