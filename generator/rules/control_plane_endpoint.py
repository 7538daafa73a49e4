"""CLU101: the control planes cannot work as they are written."""

from __future__ import annotations

from collections.abc import Iterator

from generator.profile.model import Profile
from generator.rules.base import Finding, Names


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding for no control plane, for several without an endpoint, and for an even number."""
    places = [index for index, node in enumerate(profile.nodes) if node.role == "control-plane"]
    if not places:
        yield Finding(
            ("nodes",), "no node is a control plane", "add role: control-plane to one node", on_key=True
        )
    if len(places) > 1 and profile.cluster.endpoint is None:
        yield Finding(
            ("nodes", places[1], "role"),
            "a second control plane needs a common endpoint",
            "add cluster.endpoint: a DNS name or address in front of all of them",
            related=((("nodes", places[0], "role"), "the first control plane"),),
        )
    # With an etcd of its own elsewhere, the control planes are no members that vote.
    if len(places) > 1 and len(places) % 2 == 0 and profile.cluster.etcd is None:
        yield Finding(
            ("nodes", places[-1], "role"),
            f"{len(places)} control planes survive no more failures than {len(places) - 1}",
            "etcd needs a majority: use 1, 3 or 5",
        )
