"""Storage: classes, volumes, the default, and the access modes that each kind can give."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from generator.model import Model, doc
from generator.names import DnsLabel, DnsName, LabelValue
from generator.profile.storage_classes import StorageClass
from generator.profile.volumes import AccessMode, Volume

_ONCE: tuple[AccessMode, ...] = ("ReadWriteOnce",)
_ONCE_OR_POD: tuple[AccessMode, ...] = ("ReadWriteOnce", "ReadWriteOncePod")
_KUBELET_NFS: tuple[AccessMode, ...] = ("ReadWriteMany", "ReadWriteOnce", "ReadOnlyMany")
_ALL: tuple[AccessMode, ...] = (*_KUBELET_NFS, "ReadWriteOncePod")

POSSIBLE_ACCESS: dict[str, tuple[AccessMode, ...]] = {
    "nfs": _KUBELET_NFS,
    "smb": _ALL,
    "csi": _ALL,
    "local": _ONCE,
    "host_path": _ONCE,
    "iscsi": ("ReadWriteOnce", "ReadOnlyMany"),
    "source": _ALL,
}
"""Access modes by kind of source; the first is what a volume gets that names none.

Source: kubernetes.io, "Persistent Volumes", table of access modes.
"""
CLASS_ACCESS: dict[str, tuple[AccessMode, ...]] = {
    "nfs": _ALL,
    "nfs-subdir": _KUBELET_NFS,
    "nfs-trial": _KUBELET_NFS,
    "smb": _ALL,
    "longhorn": ("ReadWriteOnce", "ReadWriteMany", "ReadWriteOncePod"),
    "local-path": _ONCE_OR_POD,
    "csi": ("ReadWriteOnce", "ReadWriteMany", "ReadOnlyMany", "ReadWriteOncePod"),
    "existing": ("ReadWriteOnce", "ReadWriteMany", "ReadOnlyMany", "ReadWriteOncePod"),
}
"""The same for volumes that a class makes, by the class's type."""


def possible_access(volume: Volume, classes: Mapping[str, StorageClass]) -> tuple[AccessMode, ...]:
    """Access modes that the volume's kind of storage can give; the first is its default."""
    kind = volume.given_sources()[0]
    if kind == "storage_class":
        storage_class = classes.get(volume.storage_class or "")
        return CLASS_ACCESS[storage_class.type if storage_class else "existing"]
    return POSSIBLE_ACCESS.get(kind, _ALL)


class Storage(Model):
    """Classes, volumes and the default."""

    default: Annotated[DnsName | None, doc("Class for claims that name none.", example="nfs")] = None
    classes: Annotated[
        dict[DnsName, StorageClass],
        doc(
            "StorageClasses by name.",
            example={"nfs": {"type": "nfs", "server": "bonnie", "share": "/export/kubernetes"}},
        ),
    ] = {}
    volumes: Annotated[
        dict[DnsLabel, Volume],
        doc(
            "Volumes by name.",
            example={"arl-data": {"size": "100Gi", "nfs": {"server": "bonnie", "path": "/data"}}},
        ),
    ] = {}
    labels: Annotated[
        dict[str, LabelValue], doc("Labels for all volumes and claims.", example={"backup": "daily"})
    ] = {}

    def access_of(self, volume: Volume) -> AccessMode:
        """The volume's access mode: as written, else its kind's first."""
        return volume.access or possible_access(volume, self.classes)[0]
