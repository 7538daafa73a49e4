"""csi-driver-smb: volumes as folders of an SMB share, for example of a NAS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.base.images import Image
from generator.base.model import Chart, Entry, Namespace, Rollout
from generator.base.needed import has_class, has_driver
from generator.base.waves import FOUNDATION
from generator.components.storage.classes import SMB

if TYPE_CHECKING:
    from generator.profile.model import Profile

_REGISTRY = "registry.k8s.io/sig-storage"


def _uses_smb(profile: Profile) -> bool:
    volumes = profile.storage.volumes.values()
    return has_class(profile, "smb") or has_driver(profile, SMB) or any(one.smb for one in volumes)


ENTRY = Entry(
    name="csi-driver-smb",
    title="SMB CSI driver",
    source=Chart("https://kubernetes-csi.github.io/csi-driver-smb", "csi-driver-smb", "1.20.3"),
    namespace=Namespace("kube-system", "privileged", shared=True),
    wave=FOUNDATION.number,
    licence="Apache-2.0",
    enabled=_uses_smb,
    values=lambda _: {"driver": {"name": SMB}, "controller": {"replicas": 1}, "windows": {"enabled": False}},
    images=(
        Image(f"{_REGISTRY}/smbplugin:v1.20.3", "image.smb.repository", f"{_REGISTRY}/smbplugin"),
        Image(f"{_REGISTRY}/csi-resizer:v2.2.0", "image.csiResizer.repository", f"{_REGISTRY}/csi-resizer"),
        Image(f"{_REGISTRY}/csi-provisioner:v6.3.0", "image.baseRepo", _REGISTRY),
        Image(f"{_REGISTRY}/livenessprobe:v2.19.0", "image.baseRepo", _REGISTRY),
        Image(f"{_REGISTRY}/csi-node-driver-registrar:v2.17.0", "image.baseRepo", _REGISTRY),
    ),
    ready=(Rollout(("deployment/csi-smb-controller", "daemonset/csi-smb-node")),),
    defaults="csi-driver-smb-1.20.3.values.yaml",
    traps=(
        "The node-stage Secret is mandatory, with `username` and `password`.",
        "Mount options decide who owns files: for notebooks uid=1000,gid=100, and noperm.",
        "`noserverino` prevents data corruption on some servers.",
    ),
)
