"""NET104: Let's Encrypt is asked for certificates of a domain that no public DNS knows."""

from __future__ import annotations

from collections.abc import Iterator

from generator.profile.model import Profile
from generator.rules.base import Finding, Names

PRIVATE = ("local", "lan", "internal", "home", "corp", "intranet", "localhost", "test", "invalid", "arpa")
"""Ends of names that are reserved, or that homes and offices use, and that nobody can own."""


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding when the domain ends in one of them, or has no dot at all."""
    tls, domain = profile.network.tls, profile.network.domain
    if tls is None or domain is None or not tls.issuer.startswith("letsencrypt"):
        return
    if "." not in domain or domain.rpartition(".")[2] in PRIVATE:
        yield Finding(
            ("network", "domain"),
            f"Let's Encrypt issues nothing for {domain}: no public DNS knows it",
            "use issuer: self-signed or own-ca, or a domain that you own",
            related=((("network", "tls", "issuer"), "the issuer"),),
        )
