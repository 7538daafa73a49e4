"""Lines of /etc/hosts, so that every machine finds every other without a name server."""

from __future__ import annotations

from collections.abc import Iterable

from generator.machines.cluster import Machine, Site, is_ipv6


def host_lines(site: Site, members: Iterable[Machine]) -> list[str]:
    """`address name...` of each machine, in join order.

    The common endpoint is among them when there is one control plane: for several a load balancer has it.
    """
    profile = site.profile
    lines = []
    for machine in members:
        names = [machine.name]
        if profile.network.domain and not machine.name.endswith(profile.network.domain):
            names.insert(0, f"{machine.name}.{profile.network.domain}")
        if machine.is_server and len(site.servers) == 1:
            names += _endpoint_name(profile.cluster.endpoint)
        lines.append(f"{machine.address}\t{' '.join(dict.fromkeys(names))}")
    return lines


def _endpoint_name(endpoint: str | None) -> list[str]:
    is_address = endpoint is None or is_ipv6(endpoint) or endpoint.replace(".", "").isdigit()
    return [] if endpoint is None or is_address else [endpoint]
