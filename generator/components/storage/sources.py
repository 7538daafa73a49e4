"""Where a static volume's data is: one model for each kind of source, unset without its first key."""

from __future__ import annotations

from typing import Annotated

from generator.model import Model, doc


class NfsSource(Model):
    """An NFS export, mounted by the kubelet."""

    server: Annotated[str, doc("Name or address of the server.", example="192.168.11.10")] = ""
    path: Annotated[str, doc("Exported directory.", example="/data")] = ""
    read_only: Annotated[bool, doc("Mount it without the right to write.")] = False


class SecretRef(Model):
    """A Secret that a driver reads."""

    name: Annotated[str, doc('Name of the Secret; "" for none.', example="nas-credentials")] = ""
    namespace: Annotated[str, doc('Its namespace; "" takes the claim\'s.')] = ""


class CsiSource(Model):
    """A volume of a CSI driver."""

    driver: Annotated[str, doc("Name of the driver.", example="nfs.csi.k8s.io")] = ""
    volume_handle: Annotated[
        str,
        doc(
            "The driver's name for the volume, unique in the cluster; \"\" takes the PersistentVolume's name."
        ),
    ] = ""
    fs_type: Annotated[str, doc('File system; "" leaves the choice to the driver.', example="ext4")] = ""
    read_only: Annotated[bool, doc("Mount it without the right to write.")] = False
    volume_attributes: Annotated[
        dict[str, str],
        doc("Attributes for the driver.", example={"server": "192.168.11.10", "share": "/data"}),
    ] = {}
    controller_publish_secret_ref: Annotated[SecretRef, doc("Secret to attach it.")] = SecretRef()
    node_stage_secret_ref: Annotated[SecretRef, doc("Secret to mount it on a node.")] = SecretRef()
    node_publish_secret_ref: Annotated[SecretRef, doc("Secret to mount it into a pod.")] = SecretRef()
    controller_expand_secret_ref: Annotated[SecretRef, doc("Secret to enlarge it.")] = SecretRef()
    node_expand_secret_ref: Annotated[SecretRef, doc("Secret to enlarge it on a node.")] = SecretRef()


class LocalSource(Model):
    """A directory or disk of the nodes in `nodes`."""

    path: Annotated[str, doc("Directory or device; it must exist.", example="/mnt/nvme")] = ""
    fs_type: Annotated[str, doc('File system of a device; "" keeps what is on it.', example="ext4")] = ""


class HostPathSource(Model):
    """A directory of whatever node the pod runs on."""

    path: Annotated[str, doc("Directory.", example="/data")] = ""
    type: Annotated[str, doc("What must be there, or is made.", example="DirectoryOrCreate")] = ""


class IscsiSource(Model):
    """A LUN of an iSCSI target."""

    target_portal: Annotated[str, doc("Address of the target.", example="192.168.11.2:3260")] = ""
    portals: Annotated[list[str], doc("Further addresses, for several paths.")] = []
    iqn: Annotated[str, doc("Name of the target.", example="iqn.2004-04.com.example:storage")] = ""
    lun: Annotated[int, doc("Logical unit number.", ge=0, le=255)] = 0
    iscsi_interface: Annotated[str, doc("Interface.", example="default")] = "default"
    fs_type: Annotated[str, doc("File system.", example="ext4")] = "ext4"
    read_only: Annotated[bool, doc("Mount it without the right to write.")] = False
    chap_auth_session: Annotated[bool, doc("Log in to the target.", alias="chapAuthSession")] = False
    chap_auth_discovery: Annotated[bool, doc("Log in to find targets.", alias="chapAuthDiscovery")] = False
    secret_ref: Annotated[SecretRef, doc("Secret with the login.")] = SecretRef()
