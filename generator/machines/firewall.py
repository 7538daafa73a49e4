"""An nftables file of the machine's ports: a table of its own that no other rule set notices."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from functools import lru_cache

from generator.machines.cluster import MANY, Machine, Site, is_ipv6
from generator.machines.ports import Port, ports_of
from generator.output.render import render

TABLE = "labhelm"
PATH = "/etc/nftables.d/labhelm.nft"


@dataclass(frozen=True)
class Rule:
    """One rule: what comes before `accept`, and why."""

    match: str
    comment: str


def firewall_text(site: Site, machine: Machine, mark: str) -> str:
    """The nftables file: what is not named is dropped, forwarded traffic of pods is not looked at."""
    return render(
        "machines/firewall.nft.j2",
        mark=mark,
        machine=machine,
        table=TABLE,
        sets={
            "nodes": _families(tuple(one.address for one in site.machines)),
            "control_planes": _families(tuple(one.address for one in site.servers)),
            "pods": _families((site.profile.cluster.pod_cidr,)),
        },
        rules=[rule for port in ports_of(site, machine) for rule in _rules(port)],
    )


def _rules(port: Port) -> list[Rule]:
    """None for what only the machine itself uses: loopback is open."""
    target = f"{port.protocol} dport {port.text}"
    if port.source == "itself":
        return []
    if port.source == "anyone":
        return [Rule(target, port.purpose)]
    names = {"cluster": ("nodes", "pods"), "nodes": ("nodes",), "control planes": ("control_planes",)}
    return [
        Rule(f"{family} saddr @{name}{suffix} {target}", port.purpose)
        for name in names[port.source]
        for family, suffix in (("ip", "4"), ("ip6", "6"))
    ]


@lru_cache(maxsize=8)  # the same sets stand in the file of every machine
def _families(addresses: tuple[str, ...]) -> dict[str, list[str]]:
    """Addresses or networks of each family, in order; many of them as the networks that they fill."""
    found: dict[str, list[str]] = {"4": [], "6": []}
    for one in addresses:
        found["6" if is_ipv6(one.partition("/")[0]) else "4"].append(one)
    return {family: _collapsed(names) if len(names) >= MANY else names for family, names in found.items()}


def _collapsed(addresses: list[str]) -> list[str]:
    networks = [ipaddress.ip_network(one) for one in addresses]
    # One family at a time, which the type of the argument does not say.
    return [str(network) for network in ipaddress.collapse_addresses(networks)]  # type: ignore[type-var]
