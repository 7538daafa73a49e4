"""CLU106: kubeadm and the API server take service networks of certain sizes only."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network

from generator.profile.model import Profile
from generator.rules.base import Finding, Names

_MOST_BITS = 20
_FEWEST_ADDRESSES = 10
"""Source: kubernetes/kubernetes, cmd/kubeadm/app/constants."""


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding for a network that is too large or too small."""
    network = ip_network(profile.cluster.service_cidr)
    bits = network.max_prefixlen - network.prefixlen
    path = ("cluster", "serviceCIDR")
    if bits > _MOST_BITS:
        smallest = network.max_prefixlen - _MOST_BITS
        yield Finding(path, f"{network} is too large for services", f"a /{smallest} or smaller")
    elif network.num_addresses < _FEWEST_ADDRESSES:
        yield Finding(path, f"{network} has too few addresses for services", "for example a /16")
