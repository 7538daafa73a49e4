"""Where a volume's data is: one model for each kind of source."""

from __future__ import annotations

from typing import Annotated

from generator.model import Model, doc
from generator.names import AbsolutePath, DnsName, HostName
from generator.profile.secrets import SecretReference


class NfsSource(Model):
    """A directory of an NFS server, mounted by the kubelet."""

    server: Annotated[
        HostName, doc("Server: a node's name, a host name or an address.", example="192.168.11.10")
    ]
    path: Annotated[AbsolutePath, doc("Exported directory.", example="/data")]
    root_squash: Annotated[
        bool,
        doc(
            "The export makes root a nobody (`root_squash`): nothing but its owner may write there.",
            example=True,
        ),
    ] = False
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
