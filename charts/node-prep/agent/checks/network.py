"""Ports that the node's role needs, and the names of its peers."""

from __future__ import annotations

from collections.abc import Iterator

from agent.sockets import listening, owners
from agent.steps.base import FAILED, OK, Finding, View


def ports(view: View) -> Iterator[Finding]:
    """Each wanted port is free, or held by a program that may hold it; any other holder is named."""
    wanted = view.settings.checks.ports
    found = {protocol: listening(view.host, protocol) for protocol in {port.protocol for port in wanted}}
    taken = {(protocol, item.port): item.inode for protocol, items in found.items() for item in items}
    inodes = {taken[port.protocol, port.port] for port in wanted if (port.protocol, port.port) in taken}
    holders = owners(view.host, inodes) if inodes else {}
    for port in wanted:
        inode = taken.get((port.protocol, port.port))
        holder = holders.get(inode, "a process that cannot be seen") if inode else ""
        if inode and holder.split(" (")[0] not in port.owners:
            yield Finding(FAILED, f"port {port.port}/{port.protocol} is held by {holder}")


def peers(view: View) -> Iterator[Finding]:
    """Every machine's name resolves to its address, as the host itself resolves names."""
    for peer in view.settings.checks.peers:
        said = view.host.ask("getent", "ahosts", peer.name, timeout=10)
        addresses = sorted({line.split()[0] for line in said.stdout.splitlines() if line.strip()})
        if peer.address in addresses:
            yield Finding(OK, f"{peer.name} is {peer.address}")
        elif addresses:
            yield Finding(FAILED, f"{peer.name} resolves to {', '.join(addresses)}, not to {peer.address}")
        else:
            yield Finding(
                FAILED, f"{peer.name} does not resolve: add it to DNS or /etc/hosts as {peer.address}"
            )
