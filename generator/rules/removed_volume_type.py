"""STO103: the volume's type was removed from Kubernetes."""

from __future__ import annotations

from collections.abc import Iterator

from generator.profile.model import Profile
from generator.rules.base import Finding, Names

REMOVED = {
    "glusterfs": ("1.26", "export the data by NFS and use nfs, or use a CSI driver with csi"),
    "cephfs": ("1.31", "use csi: {driver: cephfs.csi.ceph.com, volumeHandle: ...}"),
    "rbd": ("1.31", "use csi: {driver: rbd.csi.ceph.com, volumeHandle: ...}"),
}
"""Type -> version of Kubernetes that no longer has it, and what to use instead."""


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding for each volume of such a type, typed or in a raw source."""
    for name, volume in profile.storage.volumes.items():
        for kind, (version, instead) in REMOVED.items():
            path: tuple[str, ...] = ("storage", "volumes", name, kind)
            raw = volume.source is not None and kind in volume.source
            if raw:
                path = ("storage", "volumes", name, "source", kind)
            if raw or kind in volume.model_fields_set:
                yield Finding(
                    path, f"{kind} volumes were removed in Kubernetes {version}", instead, on_key=True
                )
