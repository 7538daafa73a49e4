"""The cluster itself: distribution, version, networks, labels."""

from __future__ import annotations

from typing import Annotated, Literal

from generator.model import Model, doc
from generator.names import AbsolutePath, Cidr, DnsLabel, DnsName, LabelKey, LabelValue

KUBERNETES_VERSIONS = ("1.34", "1.35", "1.36")
"""Supported minor versions, oldest first; charts are tested on the first and the last."""


class PurposeLabel(Model):
    """Label key and value that mark the nodes of one purpose."""

    key: Annotated[LabelKey, doc("Label key.", example="example.org/system")]
    value: Annotated[LabelValue, doc("Label value.", example="true")] = "true"


class LabelScheme(Model):
    """A team's own labels for system and build nodes."""

    system: Annotated[PurposeLabel, doc("Marks nodes for databases, git and the like.")] = PurposeLabel(
        key="labhelm.io/system"
    )
    build: Annotated[PurposeLabel, doc("Marks nodes that keep the image build cache.")] = PurposeLabel(
        key="labhelm.io/build"
    )


class Deployer(Model):
    """The account for CI and GitOps that installs the platform's charts."""

    name: Annotated[
        DnsLabel | None,
        doc("Name of the ServiceAccount; made from the release when left out.", example="deployer"),
    ] = None
    namespace: Annotated[
        DnsLabel | None, doc("Its namespace; the release's own when left out.", example="ci")
    ] = None
    cluster_admin: Annotated[
        bool, doc("Bind it to cluster-admin instead of the rights that the charts need.", example=False)
    ] = False


EtcdUrl = Annotated[
    str, doc("A member's client URL.", pattern=r"^https?://(\[[0-9a-f:]+\]|[A-Za-z0-9.-]+):[0-9]{1,5}$")
]


class Etcd(Model):
    """An etcd of your own, instead of one on each control plane."""

    endpoints: Annotated[
        list[EtcdUrl],
        doc("Client URLs of its members.", min_length=1, example=["https://192.168.11.20:2379"]),
    ]
    ca: Annotated[
        AbsolutePath | None,
        doc(
            "CA of its certificates: a file on the control planes.", example="/etc/kubernetes/pki/etcd/ca.crt"
        ),
    ] = None
    cert: Annotated[
        AbsolutePath | None,
        doc(
            "Client certificate: a file on the control planes.", example="/etc/kubernetes/pki/etcd-client.crt"
        ),
    ] = None
    key: Annotated[
        AbsolutePath | None,
        doc("Its private key: a file on the control planes.", example="/etc/kubernetes/pki/etcd-client.key"),
    ] = None


class Cluster(Model):
    """What kind of Kubernetes the machines run, or will run."""

    distribution: Annotated[
        Literal["kubeadm", "rke2", "k3s"], doc("How Kubernetes is installed on the machines.", example="rke2")
    ] = "kubeadm"
    version: Annotated[
        Literal["1.34", "1.35", "1.36"], doc("Kubernetes minor version; quote it.", example="1.36")
    ] = "1.36"
    pod_cidr: Annotated[Cidr, doc("Network of the pods.", alias="podCIDR", example="10.244.0.0/16")] = (
        "10.244.0.0/16"
    )
    service_cidr: Annotated[
        Cidr, doc("Network of the services.", alias="serviceCIDR", example="10.96.0.0/12")
    ] = "10.96.0.0/12"
    domain: Annotated[DnsName, doc("DNS domain of services and pods.", example="cluster.local")] = (
        "cluster.local"
    )
    cni: Annotated[
        Literal["flannel", "calico", "cilium", "distribution"],
        doc("Pod network; `distribution` keeps what RKE2 or k3s brings.", example="flannel"),
    ] = "flannel"
    endpoint: Annotated[
        DnsName | None,
        doc(
            "Name or address in front of several control planes; needed from the second one on.",
            example="k8s.lab.example.org",
        ),
    ] = None
    etcd: Annotated[
        Etcd | None,
        doc(
            "An etcd of your own; left out, every control plane runs a member.",
            example={"endpoints": ["https://192.168.11.20:2379"]},
        ),
    ] = None
    labels: Annotated[LabelScheme, doc("Own labels for the nodes' purposes.")] = LabelScheme()
    deployer: Annotated[
        Deployer | None,
        doc("Account for CI and GitOps; left out, none is made.", example={"name": "deployer"}),
    ] = None
