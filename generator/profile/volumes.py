"""Volumes that exist already, each with one source and perhaps one claim."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from generator.free_form import FreeForm
from generator.model import Model, doc
from generator.names import DnsLabel, DnsName
from generator.profile.storage_classes import ReclaimPolicy
from generator.profile.volume_sources import (
    CsiSource,
    HostPathSource,
    IscsiSource,
    LocalSource,
    NfsSource,
    SmbSource,
)
from generator.quantities import Storage as StorageQuantity

AccessMode = Literal["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"]


class Claim(Model):
    """The claim that the volume is reserved for: no other claim gets it."""

    team: Annotated[DnsLabel | None, doc("Team in whose namespace the claim is.", example="vision")] = None
    namespace: Annotated[DnsLabel | None, doc("Or a namespace by name.", example="riseml")] = None
    name: Annotated[DnsName, doc("Name of the claim.", example="data")]


SOURCES = ("nfs", "smb", "csi", "local", "host_path", "iscsi", "source", "storage_class")
REMOVED_SOURCES = ("glusterfs", "cephfs", "rbd")


class Volume(Model):
    """One volume: where the data is, how big, who may claim it."""

    size: Annotated[StorageQuantity, doc("Size.", unit="bytes", example="100Gi")]
    access: Annotated[
        AccessMode | None,
        doc(
            "Who may mount it at the same time; left out: all nodes where the type can, else one.",
            example="ReadWriteMany",
        ),
    ] = None
    nfs: Annotated[
        NfsSource | None, doc("On an NFS server.", example={"server": "bonnie", "path": "/data"})
    ] = None
    smb: Annotated[
        SmbSource | None,
        doc("On an SMB server.", example={"source": "//nas/data", "secret": {"name": "nas"}}),
    ] = None
    csi: Annotated[
        CsiSource | None, doc("Of any CSI driver.", example={"driver": "d.example.org", "volumeHandle": "v1"})
    ] = None
    local: Annotated[
        LocalSource | None, doc("On one node's disk.", example={"node": "kitt", "path": "/mnt/nvme"})
    ] = None
    host_path: Annotated[
        HostPathSource | None, doc("A directory on the node.", example={"path": "/data"})
    ] = None
    iscsi: Annotated[
        IscsiSource | None,
        doc("On an iSCSI target.", example={"portal": "nas:3260", "iqn": "iqn.2004-04.com.example:s"}),
    ] = None
    source: Annotated[
        FreeForm | None,
        doc(
            "Any other PersistentVolume source, as Kubernetes writes it.",
            example={"fc": {"targetWWNs": ["500a"], "lun": 0}},
        ),
    ] = None
    storage_class: Annotated[
        DnsName | None, doc("Made on demand by this class instead.", alias="class", example="nfs")
    ] = None
    glusterfs: Annotated[Any, doc("Removed from Kubernetes 1.26; use csi or nfs.", deprecated=True)] = None
    cephfs: Annotated[
        Any, doc("Removed from Kubernetes 1.31; use csi with cephfs.csi.ceph.com.", deprecated=True)
    ] = None
    rbd: Annotated[
        Any, doc("Removed from Kubernetes 1.31; use csi with rbd.csi.ceph.com.", deprecated=True)
    ] = None
    claim: Annotated[
        Claim | None,
        doc(
            "The only claim that may use it; left out, one of the volume's name beside the release.",
            example={"team": "vision", "name": "data"},
        ),
    ] = None
    persistent_volume: Annotated[
        DnsName | None,
        doc(
            "Name of the PersistentVolume, where one is there already; left out: <namespace>.<claim>.",
            example="pv-db",
        ),
    ] = None
    reclaim_policy: Annotated[ReclaimPolicy, doc("What happens to the data when the claim is deleted.")] = (
        "Retain"
    )
    mount_options: Annotated[list[str], doc("Mount options.", example=["nfsvers=4.1"])] = []
    volume_mode: Annotated[Literal["Filesystem", "Block"], doc("File system or raw device.")] = "Filesystem"

    def given_sources(self) -> tuple[str, ...]:
        """Python names of the source keys that are set, removed types included."""
        return tuple(name for name in (*SOURCES, *REMOVED_SOURCES) if name in self.model_fields_set)

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        given = self.given_sources()
        if len(given) == 1:
            return self
        names = "nfs, smb, csi, local, hostPath, iscsi, source or class"
        if given:
            keys = " and ".join(type(self).model_fields[name].alias or name for name in given)
            raise PydanticCustomError(
                "S005",
                "the volume has {keys}; one source is allowed",
                {"keys": keys, "hint": f"keep one of {names}"},
            )
        raise PydanticCustomError(
            "S005", "the volume does not say where its data is", {"hint": f"add one of {names}"}
        )
