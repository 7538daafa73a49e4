"""NET101: two nodes have the same address."""

from __future__ import annotations

from collections.abc import Iterator

from generator.profile.model import Profile
from generator.rules.base import Finding, Names
from generator.rules.name_duplicate import repeats


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding for each address that an earlier node has."""
    uses = ((("nodes", i, "address"), node.address) for i, node in enumerate(profile.nodes) if node.address)
    yield from repeats("address", uses)
