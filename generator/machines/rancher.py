"""config.yaml of RKE2 and k3s: first server, further servers, agents. The token is a file on the machine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from generator.machines.cluster import API_PORT, RKE2_PORT, Machine, Role, Site, host_port
from generator.machines.metadata import node_taints, own_labels
from generator.profile.cluster import Etcd
from generator.profile.model import Profile
from generator.profile.nodes import Taint

Document = dict[str, Any]


@dataclass(frozen=True)
class Distribution:
    """Where the two differ; the last three are parts that each brings and the platform replaces."""

    name: str
    supervisor_port: int
    no_ingress: Document
    load_balancer: tuple[str, ...]
    storage: tuple[str, ...]

    @property
    def config_path(self) -> str:
        """Its configuration on the machine."""
        return f"/etc/rancher/{self.name}/config.yaml"

    @property
    def token_path(self) -> str:
        """The join token on the machine, put there by hand or by the script."""
        return f"/etc/rancher/{self.name}/token"

    @property
    def tls_directory(self) -> str:
        """Its certificate authorities."""
        return f"/var/lib/rancher/{self.name}/server/tls"


# Sources: docs.rke2.io "Server Configuration Reference" and "Networking Services"; docs.k3s.io "k3s server".
DISTRIBUTIONS: dict[str, Distribution] = {
    "rke2": Distribution("rke2", RKE2_PORT, {"ingress-controller": "none"}, (), ()),
    "k3s": Distribution("k3s", API_PORT, {"disable": ["traefik"]}, ("servicelb",), ("local-storage",)),
}


def document(site: Site, machine: Machine) -> Document:
    """The machine's config.yaml."""
    profile = site.profile
    distribution = DISTRIBUTIONS[profile.cluster.distribution]
    out: Document = {"node-name": machine.name, "node-ip": machine.address}
    if machine.role is not Role.FIRST:
        out["server"] = f"https://{host_port(site.endpoint, distribution.supervisor_port)}"
        out["token-file"] = distribution.token_path
    if machine.is_server:
        out |= _server(site, machine, distribution)
    if labels := own_labels(profile, machine):
        out["node-label"] = labels
    if taints := node_taints(profile, machine):
        out["node-taint"] = [_taint(taint) for taint in taints]
    return out


def _server(site: Site, machine: Machine, distribution: Distribution) -> Document:
    """What all servers must agree on, the first one included."""
    profile, cluster = site.profile, site.profile.cluster
    out: Document = {}
    if cluster.etcd:
        out |= _datastore(cluster.etcd)
    elif distribution.name == "k3s" and machine.role is Role.FIRST and len(site.servers) > 1:
        out["cluster-init"] = True  # embedded etcd instead of SQLite, which other servers could not join
    out |= {
        "advertise-address": machine.address,
        "tls-san": site.certificate_names,
        "cluster-cidr": cluster.pod_cidr,
        "service-cidr": cluster.service_cidr,
        "cluster-domain": cluster.domain,
        **_pod_network(profile, distribution),
        **distribution.no_ingress,
    }
    if disabled := [*out.get("disable", []), *_disabled(profile, distribution)]:
        out["disable"] = disabled
    if profile.kubeflow:
        out["kube-controller-manager-arg"] = _signing_arguments(distribution)
    return out


def _datastore(etcd: Etcd) -> Document:
    """k3s on an etcd of your own. Source: docs.k3s.io "Cluster Datastore"."""
    files = {"datastore-cafile": etcd.ca, "datastore-certfile": etcd.cert, "datastore-keyfile": etcd.key}
    given = {name: file for name, file in files.items() if file}
    return {"datastore-endpoint": ",".join(etcd.endpoints), **given}


def _pod_network(profile: Profile, distribution: Distribution) -> Document:
    """The base layer installs the pod network, unless the profile keeps the distribution's."""
    if profile.cluster.cni == "distribution":
        return {}
    if distribution.name == "rke2":
        return {"cni": "none"}
    policy = {} if profile.cluster.cni == "flannel" else {"disable-network-policy": True}
    return {"flannel-backend": "none", **policy}


def keeps_local_path(profile: Profile) -> bool:
    """Whether the distribution's own local-path provisioner stays: the base layer then brings none."""
    found = DISTRIBUTIONS.get(profile.cluster.distribution)
    return found is not None and bool(set(found.storage) - set(_disabled(profile, found)))


def _disabled(profile: Profile, distribution: Distribution) -> list[str]:
    """More parts of the distribution that the platform brings itself."""
    storage = profile.storage.default
    replaced = [
        (distribution.load_balancer, bool(profile.network.load_balancer)),
        (distribution.storage, storage not in (None, "local-path")),
    ]
    return [name for names, wanted in replaced if wanted for name in names]


def _signing_arguments(distribution: Distribution) -> list[str]:
    """The signer that Kubeflow's webhooks ask, by its own flags.

    Both distributions set signers one by one, and next to those the controller manager refuses the plain
    cluster-signing-cert-file that RKE1's recipes have.
    """
    authority = f"{distribution.tls_directory}/server-ca"
    return [
        f"cluster-signing-legacy-unknown-cert-file={authority}.nochain.crt",
        f"cluster-signing-legacy-unknown-key-file={authority}.key",
    ]


def _taint(taint: Taint) -> str:
    return f"{taint.key}={taint.value}:{taint.effect}" if taint.value else f"{taint.key}:{taint.effect}"
