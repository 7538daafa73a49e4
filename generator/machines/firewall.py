"""An nftables file of the machine's ports: a table of its own that no other rule set notices."""

from __future__ import annotations

from dataclasses import dataclass

from generator.machines.cluster import Machine, Site, is_ipv6
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
            "nodes": _families([one.address for one in site.machines]),
            "control_planes": _families([one.address for one in site.servers]),
            "pods": _families([site.profile.cluster.pod_cidr]),
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


def _families(addresses: list[str]) -> dict[str, list[str]]:
    """Addresses or networks of each family, in order."""
    new = [one for one in addresses if is_ipv6(one.partition("/")[0])]
    return {"4": [one for one in addresses if one not in new], "6": new}
