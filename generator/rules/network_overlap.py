"""NET102: two networks, ranges or addresses that must be apart overlap."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from generator.names import range_bounds
from generator.profile.model import Profile
from generator.rules.base import Finding, Names, Path


@dataclass(frozen=True)
class Area:
    """A piece of address space: who needs it, and whether the profile's writer may move it."""

    kind: str
    what: str
    path: Path
    text: str

    def overlaps(self, other: Area) -> bool:
        """Whether an address belongs to both (two versions of IP never do)."""
        if (":" in self.text) != (":" in other.text):
            return False
        first, last = range_bounds(self.text)
        other_first, other_last = range_bounds(other.text)
        return first <= other_last and other_first <= last


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding for each pair that overlaps, at the one that stands later."""
    for one, other in combinations(_areas(profile), 2):
        if one.kind == other.kind == "node" or not one.overlaps(other):
            continue  # two nodes with one address are NET101
        yield Finding(
            other.path,
            f"{other.what} {other.text} overlaps {one.what} {one.text}",
            "choose addresses that nothing else uses",
            related=((one.path, f"{one.what} {one.text}"),),
        )


def _areas(profile: Profile) -> Iterator[Area]:
    cluster, network = profile.cluster, profile.network
    yield Area("pods", "the pod network", ("cluster", "podCIDR"), cluster.pod_cidr)
    yield Area("services", "the service network", ("cluster", "serviceCIDR"), cluster.service_cidr)
    for index, node in enumerate(profile.nodes):
        if node.address:
            yield Area("node", f"the address of node {node.name}", ("nodes", index, "address"), node.address)
    for index, text in enumerate(network.load_balancer):
        yield Area("pool", "the load balancer range", ("network", "loadBalancer", index), text)
    for index, text in enumerate(network.dhcp):
        # A fixed address inside the DHCP range is a fault of the same kind: the server may hand it out again.
        yield Area("dhcp", "the DHCP range", ("network", "dhcp", index), text)
