"""Storage: classes that make volumes on demand, and volumes that exist already."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from generator.model import Model, doc
from generator.names import AbsolutePath, DnsLabel, DnsName, HostName, LabelValue
from generator.quantities import Storage as StorageQuantity

AccessMode = Literal["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"]
ReclaimPolicy = Literal["Retain", "Delete"]


class SecretReference(Model):
    """A Secret by name; its values are never in a profile."""

    name: Annotated[DnsName, doc("Name of the Secret.", example="nas-credentials")]
    namespace: Annotated[
        DnsLabel | None, doc("Its namespace, where it is not the claim's.", example="kube-system")
    ] = None


class _Class(Model):
    reclaim_policy: Annotated[ReclaimPolicy, doc("What happens to the data when a claim is deleted.")] = (
        "Retain"
    )
    mount_options: Annotated[list[str], doc("Mount options.", example=["nfsvers=4.1"])] = []


class NfsClass(_Class):
    """Volumes as folders of an NFS export, made by csi-driver-nfs."""

    type: Literal["nfs"]
    server: Annotated[
        HostName, doc("NFS server: a node's name, a host name or an address.", example="bonnie")
    ]
    share: Annotated[AbsolutePath, doc("Exported directory.", example="/export/kubernetes")]


class NfsSubdirClass(_Class):
    """The same by nfs-subdir-external-provisioner, for those who have it."""

    type: Literal["nfs-subdir"]
    server: Annotated[
        HostName, doc("NFS server: a node's name, a host name or an address.", example="bonnie")
    ]
    share: Annotated[AbsolutePath, doc("Exported directory.", example="/export/kubernetes")]


class NfsTrialClass(_Class):
    """An NFS server inside the cluster, for trials only."""

    type: Literal["nfs-trial"]
    size: Annotated[StorageQuantity, doc("Size of the server's own disk.", unit="bytes", example="50Gi")] = (
        "50Gi"
    )


class SmbClass(_Class):
    """Volumes as folders of an SMB share, made by csi-driver-smb."""

    type: Literal["smb"]
    source: Annotated[str, doc("Share.", example="//nas.lab.example.org/data", pattern=r"^//[^/]+/.+")]
    secret: Annotated[SecretReference, doc("Secret with `username` and `password`.", example={"name": "nas"})]


class LonghornClass(_Class):
    """Replicated block volumes by Longhorn."""

    type: Literal["longhorn"]
    replicas: Annotated[
        int, doc("Copies of each volume; never more than nodes.", unit="copies", example=2, ge=1, le=20)
    ] = 2


class LocalPathClass(_Class):
    """Folders on the node where the pod first runs, by local-path-provisioner."""

    type: Literal["local-path"]
    path: Annotated[AbsolutePath, doc("Directory on the nodes.")] = "/opt/local-path-provisioner"


class CsiClass(_Class):
    """Any other CSI driver, installed by yourself."""

    type: Literal["csi"]
    provisioner: Annotated[DnsName, doc("Name of the CSI driver.", example="rbd.csi.ceph.com")]
    parameters: Annotated[dict[str, str], doc("Parameters of the class.", example={"pool": "k8s"})] = {}
    expandable: Annotated[bool, doc("Whether volumes can grow.", example=True)] = True
    wait_for_pod: Annotated[bool, doc("Make the volume only when a pod needs it.", example=False)] = False


class ExistingClass(Model):
    """A StorageClass that is in the cluster already; nothing is made."""

    type: Literal["existing"]


StorageClass = Annotated[
    NfsClass
    | NfsSubdirClass
    | NfsTrialClass
    | SmbClass
    | LonghornClass
    | LocalPathClass
    | CsiClass
    | ExistingClass,
    Field(discriminator="type"),
]


class NfsSource(Model):
    """A directory of an NFS server, mounted by the kubelet."""

    server: Annotated[
        HostName, doc("Server: a node's name, a host name or an address.", example="192.168.11.10")
    ]
    path: Annotated[AbsolutePath, doc("Exported directory.", example="/data")]
    csi: Annotated[
        bool, doc("Mount it by csi-driver-nfs instead of the kubelet's own client.", example=False)
    ] = False


class SmbSource(Model):
    """A share of an SMB server, by csi-driver-smb."""

    source: Annotated[str, doc("Share.", example="//nas.lab.example.org/data", pattern=r"^//[^/]+/.+")]
    secret: Annotated[SecretReference, doc("Secret with `username` and `password`.", example={"name": "nas"})]


class CsiSource(Model):
    """A volume of any CSI driver, by its handle."""

    driver: Annotated[DnsName, doc("CSI driver.", example="cephfs.csi.ceph.com")]
    volume_handle: Annotated[str, doc("Handle of the volume.", example="vol-1", min_length=1, max_length=253)]
    fs_type: Annotated[str, doc("File system; the driver's own choice when left out.", example="ext4")] = ""
    attributes: Annotated[dict[str, str], doc("Attributes for the driver.", example={"fsName": "lab"})] = {}
    secret: Annotated[SecretReference | None, doc("Secret for mounting.", example={"name": "ceph"})] = None


class LocalSource(Model):
    """A directory or disk of one node."""

    node: Annotated[DnsName, doc("The node.", example="kitt")]
    path: Annotated[AbsolutePath, doc("Directory or device on it; it must exist.", example="/mnt/nvme")]


class HostPathSource(Model):
    """A directory on whatever node the pod runs: for one-node clusters and trials."""

    path: Annotated[AbsolutePath, doc("Directory.", example="/data")]
    create: Annotated[bool, doc("Create it when it is missing.", example=True)] = False


class IscsiSource(Model):
    """A LUN of an iSCSI target."""

    portal: Annotated[str, doc("Target portal.", example="192.168.11.2:3260", pattern=r"^[^:\s]+(:\d+)?$")]
    iqn: Annotated[
        str, doc("Target name.", example="iqn.2004-04.com.example:storage", pattern=r"^(iqn|eui|naa)\..+")
    ]
    lun: Annotated[int, doc("Logical unit number.", example=0, ge=0, le=255)] = 0
    fs_type: Annotated[str, doc("File system.", example="ext4")] = "ext4"


class Claim(Model):
    """The claim that the volume is reserved for: no other claim gets it."""

    team: Annotated[DnsLabel | None, doc("Team in whose namespace the claim is.", example="vision")] = None
    namespace: Annotated[DnsLabel | None, doc("Or a namespace by name.", example="riseml")] = None
    name: Annotated[DnsName, doc("Name of the claim.", example="data")]


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

SOURCES = ("nfs", "smb", "csi", "local", "host_path", "iscsi", "source", "storage_class")
REMOVED__ONCE: tuple[AccessMode, ...] = ("ReadWriteOnce",)
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

SOURCES = ("glusterfs", "cephfs", "rbd")


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
        dict[str, Any] | None,
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
        Claim | None, doc("The only claim that may use it.", example={"team": "vision", "name": "data"})
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
