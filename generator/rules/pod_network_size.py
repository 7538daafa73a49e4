"""CLU103: the pod network has too few parts: each node gets one of its own."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network

from generator.profile.model import Profile
from generator.rules.base import Finding, Names


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding when there are more nodes than parts."""
    network = ip_network(profile.cluster.pod_cidr)
    part = 24 if network.version == 4 else 64
    parts = 2 ** (part - network.prefixlen) if network.prefixlen <= part else 0
    if parts < len(profile.nodes):
        yield Finding(
            ("cluster", "podCIDR"),
            f"{network} has room for {parts} nodes with a /{part} each, there are {len(profile.nodes)}",
            f"take a larger network, for example a /{part - 8}",
        )
