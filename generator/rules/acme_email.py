"""NET108: an address that Let's Encrypt refuses."""

from __future__ import annotations

from collections.abc import Iterator

from generator.profile.model import Profile
from generator.rules.base import Finding, Names

FORBIDDEN = ("example.com", "example.net", "example.org")
ENDS = ("example", "invalid", "local", "localhost", "test")


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding for an address at one of the domains of examples, or at none that there is."""
    tls = profile.network.tls
    if tls is None or tls.email is None or not tls.issuer.startswith("letsencrypt"):
        return
    domain = tls.email.rpartition("@")[2].lower()
    if domain in FORBIDDEN or domain.rpartition(".")[2] in ENDS:
        yield Finding(
            ("network", "tls", "email"),
            f"Let's Encrypt makes no account for an address at {domain}",
            "write an address that somebody of the team reads",
        )
