"""An NFS server inside the cluster, for trials only: its data is on one machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.base.images import Image
from generator.base.model import Entry, Namespace, Objects, Rollout, Values
from generator.base.needed import has_class
from generator.base.waves import FOUNDATION
from generator.components.storage.classes import TRIAL_SERVER

if TYPE_CHECKING:
    from generator.profile.model import Profile

IMAGE = Image("docker.io/itsthenetwork/nfs-server-alpine:12", at="objects")
PORT = 2049
_LABELS = {"app.kubernetes.io/name": TRIAL_SERVER}
_DATA = "/var/lib/labhelm/nfs-trial"


def objects(profile: Profile) -> dict[str, list[Values]]:
    """Deployment and Service, by file."""
    return {"deployment.yaml": [_deployment(profile)], "service.yaml": [_service()]}


def _metadata() -> Values:
    return {
        "name": TRIAL_SERVER,
        "namespace": TRIAL_SERVER,
        "labels": dict(_LABELS),
        "annotations": {"labhelm.io/use": "trials only: one copy of the data, on one machine"},
    }


def _deployment(profile: Profile) -> Values:
    pod = {
        "automountServiceAccountToken": False,
        # Its data is a folder of one machine, so it must come back to that one.
        "nodeSelector": {"kubernetes.io/hostname": _node(profile)},
        "tolerations": [{"operator": "Exists"}],
        "containers": [_container(profile)],
        "volumes": [{"name": "data", "hostPath": {"path": _DATA, "type": "DirectoryOrCreate"}}],
    }
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": _metadata(),
        "spec": {
            "replicas": 1,
            "strategy": {"type": "Recreate"},
            "selector": {"matchLabels": dict(_LABELS)},
            "template": {"metadata": {"labels": dict(_LABELS)}, "spec": pod},
        },
    }


def _container(profile: Profile) -> Values:
    return {
        "name": "nfs",
        "image": IMAGE.moved(profile.registry or ""),
        "env": [{"name": "SHARED_DIRECTORY", "value": "/exports"}],
        "ports": [{"name": "nfs", "containerPort": PORT}],
        # The kernel's NFS server, which only a privileged container may start.
        "securityContext": {"privileged": True},
        "readinessProbe": {"tcpSocket": {"port": PORT}, "periodSeconds": 5},
        "resources": {"requests": {"cpu": "50m", "memory": "64Mi"}, "limits": {"memory": "256Mi"}},
        "volumeMounts": [{"name": "data", "mountPath": "/exports"}],
    }


def _node(profile: Profile) -> str:
    """A system node if there is one, else the first that takes work."""
    order = sorted(
        profile.nodes, key=lambda node: ("system" not in node.purposes, not profile.is_schedulable(node))
    )
    return order[0].name


def _service() -> Values:
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": _metadata(),
        "spec": {
            "selector": dict(_LABELS),
            "ports": [{"name": "nfs", "port": PORT, "targetPort": "nfs", "protocol": "TCP"}],
        },
    }


ENTRY = Entry(
    name=TRIAL_SERVER,
    title="NFS server for trials",
    source=Objects(files=objects),
    namespace=Namespace(TRIAL_SERVER, "privileged"),
    wave=FOUNDATION.number,
    licence="MIT",
    enabled=lambda profile: has_class(profile, "nfs-trial"),
    images=(IMAGE,),
    ready=(Rollout((f"deployment/{TRIAL_SERVER}",)),),
    traps=("For trials only: the data is one copy on one machine, and goes with it.",),
)
