"""Values of the chart `storage`."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from generator.components.base import ChartValues
from generator.components.fields import Image, Resources
from generator.components.storage.sources import (
    CsiSource,
    HostPathSource,
    IscsiSource,
    LocalSource,
    NfsSource,
)
from generator.model import Model, doc
from generator.names import DnsLabel, DnsName, LabelKey, LabelValue
from generator.quantities import OptionalBytes, Storage

AccessMode = Literal["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"]
VolumeMode = Literal["Filesystem", "Block"]


class StorageClass(Model):
    """A StorageClass; Kubernetes lets nobody change one, so a change needs a new name."""

    provisioner: Annotated[str, doc("Driver that makes the volumes.", example="nfs.csi.k8s.io")]
    parameters: Annotated[
        dict[str, str], doc("Parameters for the driver.", example={"server": "bonnie", "share": "/export"})
    ] = {}
    reclaim_policy: Annotated[
        Literal["Retain", "Delete"], doc("What happens to the data when a claim is deleted.")
    ] = "Retain"
    volume_binding_mode: Annotated[
        Literal["Immediate", "WaitForFirstConsumer"], doc("Make the volume at once, or when a pod needs it.")
    ] = "Immediate"
    allow_volume_expansion: Annotated[bool, doc("Whether claims may grow.")] = True
    mount_options: Annotated[list[str], doc("Mount options.", example=["nfsvers=4.1"])] = []
    allowed_topologies: Annotated[
        list[dict[str, Any]], doc("Where volumes may be, as Kubernetes writes it.")
    ] = []


class BoundClaim(Model):
    """The claim that a volume is reserved for."""

    namespace: Annotated[
        str, doc("Its namespace, which must exist or be a team's; \"\" takes the release's.", max_length=63)
    ] = ""
    name: Annotated[str, doc('Its name; "" takes the volume\'s key.', max_length=253)] = ""
    create: Annotated[bool, doc("Make it. Off: another chart makes it, such as a StatefulSet.")] = True
    size: Annotated[
        OptionalBytes,
        doc(
            'Size that it requests; "" for the volume\'s. It cannot change: when a static volume grows, '
            "write the old size here.",
            unit="bytes",
            example="100Gi",
        ),
    ] = ""


class Common(Model):
    """What static volumes and dynamic claims share."""

    size: Annotated[Storage, doc("Size.", unit="bytes", example="100Gi")]
    access_modes: Annotated[list[AccessMode], doc("Who may mount it at the same time.", min_length=1)] = [
        "ReadWriteOnce"
    ]
    volume_mode: Annotated[VolumeMode, doc("File system or raw device.")] = "Filesystem"
    keep: Annotated[
        bool,
        doc("Leave volume and claim when the release is uninstalled or they are removed from the values."),
    ] = True
    test: Annotated[bool, doc("Let `helm test` write and read in it.")] = True
    labels: Annotated[dict[LabelKey, LabelValue], doc("Labels of volume and claim.")] = {}
    annotations: Annotated[dict[LabelKey, str], doc("Annotations of volume and claim.")] = {}


class Volume(Common):
    """A volume that exists, with one source, reserved for one claim."""

    name: Annotated[
        str,
        doc(
            'Name of the PersistentVolume; "" makes it from the claim: <namespace>.<claim>. '
            "Set it to adopt a volume that has another name.",
            max_length=253,
        ),
    ] = ""
    claim: Annotated[BoundClaim, doc("The only claim that gets the volume.")] = BoundClaim()
    class_name: Annotated[
        str, doc('Class that volume and claim name; "" for none, and never the default class.')
    ] = ""
    reclaim_policy: Annotated[
        Literal["Retain", "Delete", "Recycle"], doc("What happens to the data when the claim is deleted.")
    ] = "Retain"
    mount_options: Annotated[list[str], doc("Mount options.", example=["nfsvers=4.1"])] = []
    nodes: Annotated[list[DnsName], doc("Nodes that reach it; needed with `local`.", example=["kitt"])] = []
    node_affinity: Annotated[
        dict[str, Any], doc("Node affinity as Kubernetes writes it; wins over `nodes`.")
    ] = {}
    nfs: Annotated[NfsSource, doc("On an NFS server.")] = NfsSource()
    csi: Annotated[CsiSource, doc("Of a CSI driver.")] = CsiSource()
    local: Annotated[LocalSource, doc("On the disk of a node.")] = LocalSource()
    host_path: Annotated[HostPathSource, doc("A directory of the pod's node.")] = HostPathSource()
    iscsi: Annotated[IscsiSource, doc("On an iSCSI target.")] = IscsiSource()
    source: Annotated[
        dict[str, Any],
        doc("Any other source, as Kubernetes writes it.", example={"fc": {"targetWWNs": ["500a"], "lun": 0}}),
    ] = {}


class Claim(Common):
    """A claim whose volume is made by a class."""

    namespace: Annotated[
        str, doc("Its namespace, which must exist or be a team's; \"\" takes the release's.", max_length=63)
    ] = ""
    name: Annotated[str, doc('Its name; "" takes the key.', max_length=253)] = ""
    class_name: Annotated[str, doc("Class that makes the volume.", example="nfs", min_length=1)]


class TestPods(Model):
    """The pods of `helm test`: one for each claim, two where several nodes may write."""

    __test__ = False  # not a test class for pytest

    enabled: Annotated[bool, doc("Make them.")] = True
    image: Annotated[Image, doc("Image with sh, cat and rm.")] = Image(
        repository="docker.io/library/busybox", tag="1.37.0"
    )
    run_as_user: Annotated[int, doc("User that writes; an NFS export must let it.", example=1000, ge=1)] = (
        1000
    )
    run_as_group: Annotated[int, doc("Its group.", example=1000, ge=1)] = 1000
    fs_group: Annotated[
        int, doc("Group that a volume's files are given to; 0 leaves them as they are.", example=1000, ge=0)
    ] = 0
    deadline: Annotated[
        int, doc("How long a pod may take, mounting and pulling included.", unit="seconds", ge=10)
    ] = 240
    resources: Annotated[Resources, doc("Size of a pod; it counts against the quota.")] = (
        Resources.model_validate(
            {"requests": {"cpu": "10m", "memory": "16Mi"}, "limits": {"cpu": "100m", "memory": "64Mi"}}
        )
    )


class StorageValues(ChartValues):
    """Storage classes, volumes reserved for exactly one claim each, and claims that outlive the release."""

    default_class: Annotated[
        str,
        doc('Key in `classes` of the class for claims that name none; "" for none of them.', example="nfs"),
    ] = ""
    labels: Annotated[
        dict[LabelKey, LabelValue], doc("Labels of all volumes and claims.", example={"backup": "daily"})
    ] = {}
    classes: Annotated[
        dict[DnsName, StorageClass],
        doc("StorageClasses by name.", example={"nfs": {"provisioner": "nfs.csi.k8s.io"}}),
    ] = {}
    volumes: Annotated[
        dict[DnsLabel, Volume],
        doc(
            "Static volumes by name.",
            example={"data": {"size": "100Gi", "nfs": {"server": "192.168.11.10", "path": "/data"}}},
        ),
    ] = {}
    claims: Annotated[
        dict[DnsLabel, Claim],
        doc(
            "Claims whose volumes a class makes, by name.",
            example={"runs": {"size": "1Ti", "className": "nfs"}},
        ),
    ] = {}
    test: Annotated[TestPods, doc("The pods of `helm test`.")] = TestPods()
