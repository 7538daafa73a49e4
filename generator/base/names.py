"""Names of the base layer that profiles may write; apart from the catalogue, as rules must be quick."""

from __future__ import annotations

PARTS = (
    "flannel",
    "cilium",
    "tigera-operator",
    "gateway-api",
    "prometheus-operator-crds",
    "cert-manager",
    "metallb",
    "csi-driver-nfs",
    "csi-driver-smb",
    "nfs-trial",
    "longhorn",
    "local-path-provisioner",
    "traefik",
    "envoy-gateway",
    "envoy-gateway-class",
    "ingress-nginx",
    "kube-prometheus-stack",
    "gpu-operator",
    "nvidia-device-plugin",
    "dcgm-exporter",
    "kueue",
    "kubeflow-trainer",
    "training-operator",
    "dask-kubernetes-operator",
    "kuberay-operator",
    "kubeflow",
    "rancher",
    "jupyterhub",
)
"""What `base.installed` may name; a test compares it with the catalogue."""
SUBDIR_PREFIX = "nfs-subdir-"
KUBEFLOW_VERSIONS = ("1.11", "1.11.0")
