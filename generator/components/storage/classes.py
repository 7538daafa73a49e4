"""From a class of the profile to a StorageClass: which driver, which parameters.

The base layer installs the drivers under these names and switches the StorageClasses of their own charts off,
so that one place makes classes, and at most one is the default.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.components.lean import lean
from generator.components.storage.hosts import host_of
from generator.components.storage.values import StorageClass
from generator.profile import storage_classes as wishes

if TYPE_CHECKING:
    from generator.profile.model import Profile

NFS = "nfs.csi.k8s.io"
SMB = "smb.csi.k8s.io"
LONGHORN = "driver.longhorn.io"
LOCAL_PATH = "rancher.io/local-path"
TRIAL_SERVER = "nfs-trial"
"""Service and namespace of the trial NFS server."""
_NODE_SECRET = "csi.storage.k8s.io/node-stage-secret"


def subdir_provisioner(class_name: str) -> str:
    """Name under which nfs-subdir-external-provisioner serves a class: each export has one of its own."""
    return f"labhelm.io/nfs-subdir-{class_name}"


def build_class(profile: Profile, name: str, wish: wishes.StorageClass) -> StorageClass | None:
    """The StorageClass, or None for one that is in the cluster already."""
    if isinstance(wish, wishes.ExistingClass):
        return None
    common = {"reclaim_policy": wish.reclaim_policy, "mount_options": list(wish.mount_options)}
    return lean(StorageClass, **_driver(profile, name, wish), **common)


def _driver(profile: Profile, name: str, wish: wishes.StorageClass) -> dict[str, Any]:
    match wish:
        case wishes.NfsClass():
            server = host_of(profile, wish.server)
            return {"provisioner": NFS, "parameters": {"server": server, "share": wish.share}}
        case wishes.NfsTrialClass():
            server = f"{TRIAL_SERVER}.{TRIAL_SERVER}.svc.{profile.cluster.domain}"
            return {"provisioner": NFS, "parameters": {"server": server, "share": "/"}}
        case wishes.NfsSubdirClass():
            # Folders of one export: nothing of the kind of a size that could grow.
            return {"provisioner": subdir_provisioner(name), "allow_volume_expansion": False}
        case wishes.SmbClass():
            return {"provisioner": SMB, "parameters": _smb_parameters(wish)}
        case wishes.LonghornClass():
            return {"provisioner": LONGHORN, "parameters": {"numberOfReplicas": str(wish.replicas)}}
        case wishes.LocalPathClass():
            return _on_first_use(LOCAL_PATH) | {"allow_volume_expansion": False}
        case wishes.CsiClass():
            return _any_driver(wish)
        case _:
            raise AssertionError(f"class {name}: no driver for {wish!r}")


def _smb_parameters(wish: wishes.SmbClass) -> dict[str, str]:
    """A class has no claim whose namespace could stand in for the Secret's: kube-system, as its driver."""
    return {
        "source": wish.source,
        f"{_NODE_SECRET}-name": wish.secret.name,
        f"{_NODE_SECRET}-namespace": wish.secret.namespace or "kube-system",
    }


def _any_driver(wish: wishes.CsiClass) -> dict[str, Any]:
    made = {"provisioner": wish.provisioner, "allow_volume_expansion": wish.expandable}
    if wish.parameters:
        made["parameters"] = dict(wish.parameters)
    return made | (_on_first_use(wish.provisioner) if wish.wait_for_pod else {})


def _on_first_use(provisioner: str) -> dict[str, Any]:
    """A volume on a node's own disk must wait until the scheduler has chosen the node."""
    return {"provisioner": provisioner, "volume_binding_mode": "WaitForFirstConsumer"}
