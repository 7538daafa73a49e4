"""Longhorn: replicated volumes on the machines' own disks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.base.images import Image
from generator.base.model import Chart, Crds, Entry, Namespace, Rollout, Values
from generator.base.needed import has_class, monitor
from generator.base.waves import FOUNDATION
from generator.profile.storage_classes import LonghornClass

if TYPE_CHECKING:
    from generator.profile.model import Profile

NAMESPACE = "longhorn-system"
_VERSION = "v1.12.1"
_REGISTRY = "docker.io"
_IMAGES = (
    f"longhorn-engine:{_VERSION}",
    f"longhorn-manager:{_VERSION}",
    f"longhorn-ui:{_VERSION}",
    f"longhorn-instance-manager:{_VERSION}",
    f"longhorn-share-manager:{_VERSION}",
    f"backing-image-manager:{_VERSION}",
    "support-bundle-kit:v0.0.92",
    "csi-attacher:v4.12.0",
    "csi-provisioner:v5.3.0",
    "csi-node-driver-registrar:v2.17.0",
    "csi-resizer:v2.2.1",
    "csi-snapshotter:v8.6.0",
    "livenessprobe:v2.19.0",
)


def replicas(profile: Profile) -> int:
    """Copies of volumes that name no class of ours; never more than there are nodes for them."""
    wishes = [one.replicas for one in profile.storage.classes.values() if isinstance(one, LonghornClass)]
    return min(max(wishes, default=1), max(1, len(profile.nodes)))


def build(profile: Profile) -> Values:
    """Values for the chart."""
    count = replicas(profile)
    return {
        # The umbrella's chart `storage` makes the classes, and at most one default among them.
        "persistence": {
            "createStorageClass": False,
            "defaultClass": False,
            "defaultClassReplicaCount": count,
        },
        "defaultSettings": {"defaultReplicaCount": str(count)},
        # Hooks of helm that engines which only render would run at the wrong time.
        "preUpgradeChecker": {"jobEnabled": False},
        "longhornUI": {"replicas": 1},
        "metrics": {"serviceMonitor": _monitor(profile)},
    }


def _monitor(profile: Profile) -> Values:
    return monitor(profile)


ENTRY = Entry(
    name="longhorn",
    title="Longhorn",
    source=Chart("https://charts.longhorn.io", "longhorn", "1.12.1"),
    namespace=Namespace(NAMESPACE, "privileged"),
    wave=FOUNDATION.number,
    licence="Apache-2.0",
    enabled=lambda profile: has_class(profile, "longhorn"),
    values=build,
    images=tuple(
        Image(f"{_REGISTRY}/longhornio/{image}", "global.imageRegistry", _REGISTRY) for image in _IMAGES
    ),
    needs=("prometheus-operator-crds",),
    ready=(Crds(("volumes.longhorn.io",)), Rollout(("daemonset/longhorn-manager",))),
    defaults="longhorn-1.12.1.values.yaml",
    crds_in_chart=True,
    timeout=900,
    traps=(
        "`image.*.registry` is never read: docker.io, the default of an older key, comes before it.",
        "Three copies by default: on one or two nodes volumes stay Degraded for ever.",
        "The namespace must be longhorn-system.",
        "Each node needs open-iscsi, and an NFS client for ReadWriteMany.",
        "It will not be uninstalled before its deleting-confirmation-flag is set, and cannot be downgraded.",
        "`persistence.defaultClass` makes a second default class beside k3s' local-path.",
    ),
)
