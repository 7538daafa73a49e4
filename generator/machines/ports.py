"""The one table of ports: the firewall, the agent's checks and the documentation all come from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from generator.machines.cluster import API_PORT, RKE2_PORT, Machine, Site
from generator.machines.nfs import exported_directories
from generator.profile.model import Profile

Source = Literal["anyone", "cluster", "nodes", "control planes", "itself"]
"""Who may reach a port; `cluster` are nodes and their pods, `itself` only programs of the same machine."""

Wanted = Callable[[Site, Machine], bool]


@dataclass(frozen=True)
class Port:
    """A port or a range of ports, on which machines, for whom.

    `owners` are the names (at most 15 characters, as the kernel cuts them) of the programs that may hold it;
    without one the kernel itself or a pod holds it, and nothing is checked.
    """

    first: int
    protocol: Literal["tcp", "udp"]
    source: Source
    purpose: str
    wanted: Wanted
    last: int = 0
    owners: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """`first` or `first-last`."""
        return f"{self.first}-{self.last}" if self.last else str(self.first)

    @property
    def numbers(self) -> range:
        """All ports of the range."""
        return range(self.first, (self.last or self.first) + 1)


def _everywhere(_site: Site, _machine: Machine) -> bool:
    return True


def _server(_site: Site, machine: Machine) -> bool:
    return machine.is_server


def _on(*distributions: str) -> Wanted:
    return lambda site, machine: machine.is_server and site.profile.cluster.distribution in distributions


def _own_etcd(site: Site, machine: Machine) -> bool:
    return site.profile.cluster.etcd is None and site.runs_etcd(machine)


def _external_etcd(site: Site, machine: Machine) -> bool:
    return site.profile.cluster.etcd is not None and site.runs_etcd(machine)


def _checked_etcd(site: Site, machine: Machine) -> bool:
    """k3s' etcd is asked for its health in another way."""
    return _own_etcd(site, machine) and site.profile.cluster.distribution != "k3s"


def _network(*names: str) -> Wanted:
    return lambda site, _machine: pod_network(site.profile) in names


def _balanced(site: Site, _machine: Machine) -> bool:
    return bool(site.profile.network.load_balancer)


def _monitored(site: Site, _machine: Machine) -> bool:
    return site.profile.monitoring is not None


def _serves_nfs(site: Site, machine: Machine) -> bool:
    return bool(exported_directories(site.profile, machine))


def pod_network(profile: Profile) -> str:
    """The pod network that runs; kubeadm brings none of its own."""
    cluster = profile.cluster
    own = {"rke2": "canal", "k3s": "flannel", "kubeadm": "none"}
    return own[cluster.distribution] if cluster.cni == "distribution" else cluster.cni


_K3S = ("k3s-server", "k3s")

# Sources: kubernetes.io "Ports and Protocols"; docs.rke2.io "Requirements"; docs.k3s.io "Requirements";
# flannel "Backends"; docs.tigera.io "System requirements"; docs.cilium.io "System Requirements";
# metallb.io "Requirements"; prometheus "Default port allocations"; RFC 7530 (NFS), RFC 4253 (ssh).
PORTS: tuple[Port, ...] = (
    Port(22, "tcp", "anyone", "ssh", _everywhere),
    Port(API_PORT, "tcp", "anyone", "Kubernetes API", _server, owners=("kube-apiserver", *_K3S)),
    Port(RKE2_PORT, "tcp", "nodes", "RKE2: machines join here", _on("rke2"), owners=("rke2",)),
    Port(2379, "tcp", "control planes", "etcd: clients and peers", _own_etcd, 2380, ("etcd", *_K3S)),
    Port(2379, "tcp", "nodes", "etcd of your own: clients and peers", _external_etcd, 2380, ("etcd",)),
    Port(2381, "tcp", "itself", "etcd: health", _checked_etcd, owners=("etcd",)),
    Port(
        10257, "tcp", "itself", "controller manager", _server, owners=("kube-controller", *_K3S)
    ),
    Port(10259, "tcp", "itself", "scheduler", _server, owners=("kube-scheduler", *_K3S)),
    Port(
        10250, "tcp", "cluster", "kubelet: logs, exec, metrics", _everywhere,
        owners=("kubelet", *_K3S, "k3s-agent"),
    ),
    Port(
        10248, "tcp", "itself", "kubelet: health", _everywhere, owners=("kubelet", *_K3S, "k3s-agent")
    ),
    Port(
        10256, "tcp", "cluster", "kube-proxy: health", _everywhere,
        owners=("kube-proxy", *_K3S, "k3s-agent"),
    ),
    Port(30000, "tcp", "anyone", "NodePort services", _everywhere, 32767),
    Port(30000, "udp", "anyone", "NodePort services", _everywhere, 32767),
    Port(8472, "udp", "nodes", "pod network (VXLAN)", _network("flannel", "canal", "cilium")),
    Port(4789, "udp", "nodes", "pod network (Calico's VXLAN)", _network("calico")),
    Port(179, "tcp", "nodes", "pod network (Calico's BGP)", _network("calico")),
    Port(5473, "tcp", "nodes", "pod network (Calico's Typha)", _network("calico")),
    Port(4240, "tcp", "nodes", "pod network (Cilium's health)", _network("cilium")),
    Port(7946, "tcp", "nodes", "MetalLB: members", _balanced),
    Port(7946, "udp", "nodes", "MetalLB: members", _balanced),
    Port(9100, "tcp", "cluster", "node exporter", _monitored),
    Port(2049, "tcp", "nodes", "NFS 4", _serves_nfs),
)  # fmt: skip


def ports_of(site: Site, machine: Machine) -> tuple[Port, ...]:
    """The ports that the machine needs."""
    return tuple(port for port in PORTS if port.wanted(site, machine))
