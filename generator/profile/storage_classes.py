"""Storage classes: what makes volumes on demand."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from generator.model import Model, doc
from generator.names import AbsolutePath, DnsName, HostName
from generator.profile.secrets import SecretReference
from generator.quantities import Storage as StorageQuantity

ReclaimPolicy = Literal["Retain", "Delete"]


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
    root_squash: Annotated[
        bool,
        doc(
            "The export makes root a nobody (`root_squash`): nothing but its owner may write there.",
            example=True,
        ),
    ] = False


class NfsSubdirClass(_Class):
    """The same by nfs-subdir-external-provisioner, for those who have it."""

    type: Literal["nfs-subdir"]
    server: Annotated[
        HostName, doc("NFS server: a node's name, a host name or an address.", example="bonnie")
    ]
    share: Annotated[AbsolutePath, doc("Exported directory.", example="/export/kubernetes")]
    root_squash: Annotated[
        bool,
        doc(
            "The export makes root a nobody (`root_squash`): nothing but its owner may write there.",
            example=True,
        ),
    ] = False


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
