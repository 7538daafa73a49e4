"""The bed's own kubeadm configuration; whoever has a better one passes it to `Cluster`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import yaml

API = "kubeadm.k8s.io/v1beta4"
SOCKET = "unix:///run/containerd/containerd.sock"
API_PORT = 6443


@dataclass(frozen=True)
class Discovery:
    """What a joining machine must know: the API server's address, a token and its certificate's hash."""

    endpoint: str
    token: str
    ca_cert_hash: str


class KubeadmConfigs(Protocol):
    """Writes the configuration files of `kubeadm init` and `kubeadm join`."""

    def init(self, *, name: str, address: str, version: str) -> str:
        """For the first control plane."""
        ...

    def join(self, *, name: str, address: str, discovery: Discovery) -> str:
        """For a worker."""
        ...


@dataclass(frozen=True)
class BedConfigs:
    """As plain as the bed allows: images are loaded and never pulled, cgroups are version 1."""

    pod_subnet: str = "10.244.0.0/16"
    service_subnet: str = "10.96.0.0/12"

    def init(self, *, name: str, address: str, version: str) -> str:
        """See KubeadmConfigs.init."""
        networking = {"podSubnet": self.pod_subnet, "serviceSubnet": self.service_subnet}
        return _documents(
            {
                "apiVersion": API,
                "kind": "InitConfiguration",
                "nodeRegistration": _registration(name, address),
                "localAPIEndpoint": {"advertiseAddress": address, "bindPort": API_PORT},
            },
            {
                "apiVersion": API,
                "kind": "ClusterConfiguration",
                "kubernetesVersion": f"v{version}",
                "networking": networking,
            },
            {
                "apiVersion": "kubelet.config.k8s.io/v1beta1",
                "kind": "KubeletConfiguration",
                "cgroupDriver": "systemd",
                # Newer kubelets refuse version 1, which is all that this kind of machine has.
                "failCgroupV1": False,
                # The disk is the host's: how full others have made it is no reason to evict pods or images.
                "evictionHard": {
                    "memory.available": "100Mi",
                    "nodefs.available": "1Gi",
                    "imagefs.available": "1Gi",
                },
                "imageGCHighThresholdPercent": 100,
            },
            {
                "apiVersion": "kubeproxy.config.k8s.io/v1alpha1",
                "kind": "KubeProxyConfiguration",
                "mode": "nftables",
                # The connection table belongs to the host's kernel.
                "conntrack": {"maxPerCore": 0, "min": 0},
            },
        )

    def join(self, *, name: str, address: str, discovery: Discovery) -> str:
        """See KubeadmConfigs.join."""
        bootstrap = {
            "apiServerEndpoint": discovery.endpoint,
            "token": discovery.token,
            "caCertHashes": [discovery.ca_cert_hash],
        }
        return _documents(
            {
                "apiVersion": API,
                "kind": "JoinConfiguration",
                "nodeRegistration": _registration(name, address),
                "discovery": {"bootstrapToken": bootstrap},
            }
        )


def _registration(name: str, address: str) -> dict[str, object]:
    return {
        "name": name,
        "criSocket": SOCKET,
        "imagePullPolicy": "Never",
        # It looks for the kernel's configuration and module files, which are not in a machine of this kind.
        "ignorePreflightErrors": ["SystemVerification"],
        "kubeletExtraArgs": [{"name": "node-ip", "value": address}],
        # Pods of tests may run on the control plane as well.
        "taints": [],
    }


def parse_join_command(printed: str) -> Discovery:
    """What `kubeadm token create --print-join-command` says."""
    options = dict(pairwise(printed.split()))
    return Discovery(options["join"], options["--token"], options["--discovery-token-ca-cert-hash"])


def _documents(*documents: Mapping[str, object]) -> str:
    return yaml.safe_dump_all(documents, sort_keys=False)
