"""nfs-subdir-external-provisioner: for those who have volumes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.base.images import Image
from generator.base.model import Chart, Entry, Namespace, Values
from generator.base.names import SUBDIR_PREFIX
from generator.base.waves import FOUNDATION
from generator.components.storage.classes import subdir_provisioner
from generator.components.storage.hosts import host_of
from generator.profile.storage_classes import NfsSubdirClass

if TYPE_CHECKING:
    from generator.profile.model import Profile

NAMESPACE = "nfs-subdir"
_REPOSITORY = "registry.k8s.io/sig-storage/nfs-subdir-external-provisioner"
_CHARTS = "https://kubernetes-sigs.github.io/nfs-subdir-external-provisioner"


def entries(profile: Profile) -> tuple[Entry, ...]:
    """A release for each class: one provisioner serves one export."""
    classes = profile.storage.classes.items()
    return tuple(_entry(name, one) for name, one in classes if isinstance(one, NfsSubdirClass))


def _entry(name: str, wish: NfsSubdirClass) -> Entry:
    def build(profile: Profile) -> Values:
        return {
            "nfs": {
                "server": host_of(profile, wish.server),
                "path": wish.share,
                "mountOptions": list(wish.mount_options),
                "volumeName": f"nfs-subdir-{name}-root",
            },
            # The umbrella's chart `storage` makes the class; this one only answers for it.
            "storageClass": {"create": False, "provisionerName": subdir_provisioner(name)},
        }

    return Entry(
        name=f"{SUBDIR_PREFIX}{name}",
        title=f"NFS provisioner of class {name} (no longer maintained)",
        source=Chart(_CHARTS, "nfs-subdir-external-provisioner", "4.0.18"),
        namespace=Namespace(NAMESPACE, "baseline"),
        wave=FOUNDATION.number,
        licence="Apache-2.0",
        enabled=lambda _: True,
        values=build,
        images=(Image(f"{_REPOSITORY}:v4.0.2", "image.repository", _REPOSITORY),),
        defaults="nfs-subdir-external-provisioner-4.0.18.values.yaml",
        optional=("storageClass.provisionerName",),
        traps=(
            "Last change in February 2024, its image has known holes: csi-driver-nfs is the way on.",
            "`accessModes` of its own class is ReadWriteOnce, though NFS can be shared.",
        ),
    )
