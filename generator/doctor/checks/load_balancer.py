"""Each Service of type LoadBalancer has an address, and it is one of the profile's."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Sequence

from generator.doctor.base import Finding, Wish, note
from generator.doctor.snapshot import Object, Snapshot
from generator.names import range_bounds


def look(wish: Wish, snapshot: Snapshot) -> Iterator[Finding]:
    """See base.Look."""
    pool = wish.profile.network.load_balancer
    services = [one for one in snapshot.all("services") if one["spec"].get("type") == "LoadBalancer"]
    for service in services:
        yield from _service(service, pool)
    if services:
        yield note("", f"{len(services)} services")


def _service(service: Object, pool: Sequence[str]) -> Iterator[Finding]:
    namespace, name = service["metadata"]["namespace"], service["metadata"]["name"]
    subject = f"service {namespace}/{name}"
    describe = ("kubectl", "-n", namespace, "describe", "service", name)
    given = ((service.get("status") or {}).get("loadBalancer") or {}).get("ingress") or ()
    addresses = [one["ip"] for one in given if "ip" in one]
    if not given:
        hint = "is MetalLB running?" if pool else "set network.loadBalancer, or another type of service"
        yield Finding(subject, "has no address yet", describe, hint)
    for address in addresses:
        if pool and not any(_holds(text, address) for text in pool):
            yield Finding(subject, f"has the address {address}, the pool is {', '.join(pool)}", describe)


def _holds(text: str, address: str) -> bool:
    first, last = range_bounds(text)
    found = ipaddress.ip_address(address)
    return (":" in text) == (found.version == 6) and first <= int(found) <= last
