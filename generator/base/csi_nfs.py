"""csi-driver-nfs: volumes as folders of an NFS export."""

from __future__ import annotations

from generator.base.images import Image
from generator.base.model import Chart, Entry, Namespace, Rollout
from generator.base.needed import has_class, has_driver
from generator.base.waves import FOUNDATION
from generator.components.storage.classes import NFS

_REGISTRY = "registry.k8s.io"
_SIDECARS = {
    "csiProvisioner": "csi-provisioner:v6.3.0",
    "csiResizer": "csi-resizer:v2.2.0",
    "csiSnapshotter": "csi-snapshotter:v8.6.0",
    "livenessProbe": "livenessprobe:v2.19.0",
    "nodeDriverRegistrar": "csi-node-driver-registrar:v2.17.0",
}

ENTRY = Entry(
    name="csi-driver-nfs",
    title="NFS CSI driver",
    source=Chart("https://kubernetes-csi.github.io/csi-driver-nfs", "csi-driver-nfs", "4.13.4"),
    namespace=Namespace("kube-system", "privileged", shared=True),
    wave=FOUNDATION.number,
    licence="Apache-2.0",
    enabled=lambda profile: has_class(profile, "nfs", "nfs-trial") or has_driver(profile, NFS),
    values=lambda _: {
        "driver": {"name": NFS},
        # On the host's network with fixed ports: a second one on the same node would never start.
        "controller": {"replicas": 1, "defaultOnDeletePolicy": "retain"},
        "externalSnapshotter": {"enabled": False},
        # The umbrella's chart `storage` makes the classes.
        "storageClass": {"create": False},
    },
    images=(
        Image(
            f"{_REGISTRY}/sig-storage/nfsplugin:v4.13.4",
            "image.nfs.repository",
            f"{_REGISTRY}/sig-storage/nfsplugin",
        ),
        # The sidecars' repositories begin with a slash: the chart puts `baseRepo` before them.
        *(
            Image(f"{_REGISTRY}/sig-storage/{image}", "image.baseRepo", _REGISTRY)
            for image in _SIDECARS.values()
        ),
    ),
    ready=(Rollout(("deployment/csi-nfs-controller", "daemonset/csi-nfs-node")),),
    defaults="csi-driver-nfs-4.13.4.values.yaml",
    traps=(
        "`defaultOnDeletePolicy` is `delete`: the folder goes with the claim, whatever Retain promises.",
        "fsGroup works only where the export is `no_root_squash` or squashes to the owner.",
        "Versions lost their `v` at 4.11.",
    ),
)
