"""kubeadm's configuration (v1beta4) of each machine: init for the first control plane, join for the others.

No token and no certificate key stands in these files: the machine's script adds them while a machine joins.
"""

from __future__ import annotations

from typing import Any

from generator.machines.cluster import API_PORT, Machine, Role, Site, host_port
from generator.machines.metadata import node_taints, own_labels
from generator.profile.model import Profile

API_VERSION = "kubeadm.k8s.io/v1beta4"
CRI_SOCKET = "unix:///run/containerd/containerd.sock"
DIRECTORY = "/etc/kubernetes/labhelm"
CONFIG_PATH = f"{DIRECTORY}/kubeadm.yaml"
JOIN_PATH = f"{DIRECTORY}/join.conf"
"""Where the join file stands while a machine joins: a kubeconfig with the cluster's CA and a token."""

CA = "/etc/kubernetes/pki/ca"
FIRST_PATCH = "0"
"""kubeadm wants a whole version; the script puts in the one of the kubeadm that is installed."""

PAUSE = {"1.34": "3.10.1", "1.35": "3.10.1", "1.36": "3.10.2"}
"""Tag of the sandbox image by Kubernetes version. Source: `kubeadm config images list`."""

Document = dict[str, Any]


def documents(site: Site, machine: Machine) -> list[Document]:
    """The documents of the machine's kubeadm.yaml."""
    profile = site.profile
    if machine.role is not Role.FIRST:
        return [_join(profile, machine)]
    return [
        _init(profile, machine),
        _cluster(site),
        _kubelet(profile),
        {
            "apiVersion": "kubeproxy.config.k8s.io/v1alpha1",
            "kind": "KubeProxyConfiguration",
            "mode": "nftables",
            "clusterCIDR": profile.cluster.pod_cidr,
        },
    ]


def sandbox_image(profile: Profile) -> str:
    """The sandbox image from the profile's registry; "" leaves containerd's own."""
    repository = _image_repository(profile)
    return f"{repository}/pause:{PAUSE[profile.cluster.version]}" if repository else ""


def _init(profile: Profile, machine: Machine) -> Document:
    return {
        "apiVersion": API_VERSION,
        "kind": "InitConfiguration",
        "nodeRegistration": _registration(profile, machine),
        "localAPIEndpoint": _local_endpoint(machine),
    }


def _join(profile: Profile, machine: Machine) -> Document:
    document: Document = {
        "apiVersion": API_VERSION,
        "kind": "JoinConfiguration",
        "discovery": {"file": {"kubeConfigPath": JOIN_PATH}},
        "nodeRegistration": _registration(profile, machine),
    }
    if machine.role is Role.CONTROL_PLANE:
        document["controlPlane"] = {"localAPIEndpoint": _local_endpoint(machine)}
    return document


def _registration(profile: Profile, machine: Machine) -> Document:
    arguments = [{"name": "node-ip", "value": machine.address}]
    if labels := own_labels(profile, machine):
        arguments.append({"name": "node-labels", "value": ",".join(labels)})
    return {
        "name": machine.name,
        "criSocket": CRI_SOCKET,
        "kubeletExtraArgs": arguments,
        # An empty list is an answer as well: without the key kubeadm taints control planes by itself.
        "taints": [
            {"key": taint.key, **({"value": taint.value} if taint.value else {}), "effect": taint.effect}
            for taint in node_taints(profile, machine)
        ],
    }


def _local_endpoint(machine: Machine) -> Document:
    return {"advertiseAddress": machine.address, "bindPort": API_PORT}


def _cluster(site: Site) -> Document:
    profile, cluster = site.profile, site.profile.cluster
    document: Document = {
        "apiVersion": API_VERSION,
        "kind": "ClusterConfiguration",
        "clusterName": profile.name,
        "kubernetesVersion": f"v{cluster.version}.{FIRST_PATCH}",
        "controlPlaneEndpoint": host_port(site.endpoint, API_PORT),
        "apiServer": {"certSANs": site.certificate_names},
        "networking": {
            "podSubnet": cluster.pod_cidr,
            "serviceSubnet": cluster.service_cidr,
            "dnsDomain": cluster.domain,
        },
    }
    if cluster.etcd:
        # Empty is a valid answer where etcd asks for no certificate; a missing key is none.
        files = {"caFile": cluster.etcd.ca, "certFile": cluster.etcd.cert, "keyFile": cluster.etcd.key}
        external = {"endpoints": cluster.etcd.endpoints, **{name: file or "" for name, file in files.items()}}
        document["etcd"] = {"external": external}
    if profile.kubeflow:
        document["controllerManager"] = {"extraArgs": _signing_arguments()}
    if repository := _image_repository(profile):
        document["imageRepository"] = repository
        # Only in Kubernetes' own registry does kubeadm look for CoreDNS in a folder of its own.
        document["dns"] = {"imageRepository": f"{repository}/coredns"}
    return document


def _signing_arguments() -> list[Document]:
    """What kubeadm sets by itself when it holds the CA's key; written out, as Kubeflow's webhooks need it."""
    return [
        {"name": "cluster-signing-cert-file", "value": f"{CA}.crt"},
        {"name": "cluster-signing-key-file", "value": f"{CA}.key"},
    ]


def _kubelet(profile: Profile) -> Document:
    """What holds for all nodes; a machine's own fields are a drop-in of the node agent."""
    return {
        "apiVersion": "kubelet.config.k8s.io/v1beta1",
        "kind": "KubeletConfiguration",
        "cgroupDriver": "systemd",
        "failSwapOn": profile.node_prep.swap == "off",
    }


def _image_repository(profile: Profile) -> str:
    return f"{profile.registry}/registry.k8s.io" if profile.registry else ""
