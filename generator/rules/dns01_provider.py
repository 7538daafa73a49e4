"""NET107: dns01 without a DNS provider, or a provider that nobody asks."""

from __future__ import annotations

from collections.abc import Iterator

from generator.profile.model import Profile
from generator.rules.base import Finding, Names


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding for one without the other."""
    tls = profile.network.tls
    if tls is None or not tls.issuer.startswith("letsencrypt"):
        return
    if tls.challenge == "dns01" and not tls.dns01:
        yield Finding(
            ("network", "tls", "challenge"),
            "dns01 needs to know who serves the domain's DNS",
            "add network.tls.dns01, for example {cloudflare: {apiTokenSecretRef: {name: ..., key: ...}}}",
        )
    if tls.challenge == "http01" and tls.dns01:
        yield Finding(
            ("network", "tls", "dns01"), "this is not used: the challenge is http01", "add challenge: dns01"
        )
