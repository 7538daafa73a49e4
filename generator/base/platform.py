"""The project's own charts: the umbrella and node-prep."""

from __future__ import annotations

from generator.base.model import Entry, Namespace, OwnChart
from generator.base.waves import PLATFORM

RELEASE = "platform"
NAMESPACE = "default"
NODE_PREP = "node-prep"

UMBRELLA = Entry(
    name=RELEASE,
    title="The platform",
    source=OwnChart("charts/umbrella", "values/{name}.yaml"),
    namespace=Namespace(NAMESPACE, "baseline", shared=True),
    wave=PLATFORM.number,
    licence="this project's",
    enabled=lambda _: True,
    needs=(
        "cert-manager",
        "csi-driver-nfs",
        "csi-driver-smb",
        "envoy-gateway",
        "envoy-gateway-class",
        "gateway-api",
        "gpu-operator",
        "kube-prometheus-stack",
        "kubeflow",
        "kubeflow-trainer",
        "kueue",
        "local-path-provisioner",
        "longhorn",
        "metallb",
        "nfs-trial",
        "nvidia-device-plugin",
        "traefik",
        "training-operator",
    ),
    traps=("Its objects of other kinds are rendered only where the cluster knows the kind.",),
)
NODES = Entry(
    name=NODE_PREP,
    title="Preparation of the machines",
    source=OwnChart("charts/node-prep", "values/{name}/node-prep.yaml"),
    namespace=Namespace(NAMESPACE, "baseline", shared=True),
    wave=PLATFORM.number,
    licence="this project's",
    enabled=lambda _: True,
    needs=("flannel", "cilium", "tigera-operator"),
    traps=("It makes a namespace of its own: its agents mount the host.",),
)
