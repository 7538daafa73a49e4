"""The machines of a profile in the order in which they join, and where the cluster's API server is."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from urllib.parse import urlsplit

from generator.profile.model import Profile
from generator.profile.nodes import Node

API_PORT = 6443
RKE2_PORT = 9345
MANY = 100
"""From so many machines on each knows the control planes by name and the others by a name server."""


class Role(Enum):
    """What a machine does when the cluster forms."""

    FIRST = "first control plane"
    CONTROL_PLANE = "control plane"
    WORKER = "worker"


@dataclass(frozen=True, eq=False)
class Machine:
    """A node with an address, and its role."""

    node: Node
    address: str
    role: Role

    @property
    def name(self) -> str:
        """The node's name."""
        return self.node.name

    @property
    def is_server(self) -> bool:
        """Whether the API server runs on it."""
        return self.role is not Role.WORKER


@dataclass(frozen=True)
class Site:
    """A profile whose machines can be prepared: all have an address, and there is a control plane."""

    profile: Profile
    machines: tuple[Machine, ...]
    """In join order: the first control plane, the others one by one, then the workers."""

    @cached_property
    def servers(self) -> tuple[Machine, ...]:
        """The control planes."""
        return tuple(machine for machine in self.machines if machine.is_server)

    def known_to(self, machine: Machine) -> tuple[Machine, ...]:
        """The machines that it must find by name: all, or of many the control planes and itself."""
        if len(self.machines) < MANY:
            return self.machines
        return tuple(dict.fromkeys((*self.servers, machine)))

    @property
    def endpoint(self) -> str:
        """Name or address that all machines reach the API server by.

        Without `cluster.endpoint` it is the first control plane's address, which needs no name service.
        """
        return self.profile.cluster.endpoint or self.machines[0].address

    def runs_etcd(self, machine: Machine) -> bool:
        """Whether etcd is on the machine: on each control plane, or where the profile's own etcd is.

        k3s has none with a single server.
        """
        cluster, domain = self.profile.cluster, self.profile.network.domain
        if cluster.etcd is None:
            return machine.is_server and (len(self.servers) > 1 or cluster.distribution != "k3s")
        hosts = {urlsplit(url).hostname for url in cluster.etcd.endpoints}
        return bool(hosts & {machine.name, machine.address, f"{machine.name}.{domain}"})

    @property
    def certificate_names(self) -> list[str]:
        """What the API server's certificate must be valid for."""
        own = (name for server in self.servers for name in (server.name, server.address))
        return list(dict.fromkeys([self.endpoint, *own]))


def without_address(profile: Profile) -> tuple[str, ...]:
    """Names of the nodes that cannot be prepared, as nobody knows where they are."""
    return tuple(node.name for node in profile.nodes if node.address is None)


def site_of(profile: Profile) -> Site | None:
    """The machines of the profile; None when a node has no address or no node is a control plane."""
    servers = [node for node in profile.nodes if node.role == "control-plane"]
    workers = [node for node in profile.nodes if node.role == "worker"]
    if without_address(profile) or not servers:
        return None
    roles = [Role.FIRST] + [Role.CONTROL_PLANE] * (len(servers) - 1) + [Role.WORKER] * len(workers)
    members = zip([*servers, *workers], roles, strict=True)
    return Site(profile, tuple(Machine(node, node.address or "", role) for node, role in members))


def host_port(host: str, port: int) -> str:
    """`host:port`, with brackets around an IPv6 address."""
    return f"[{host}]:{port}" if is_ipv6(host) else f"{host}:{port}"


def is_ipv6(host: str) -> bool:
    """Whether it is an IPv6 address; names are not."""
    try:
        return ipaddress.ip_address(host).version == 6
    except ValueError:
        return False
