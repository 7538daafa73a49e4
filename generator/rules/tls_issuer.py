"""NET103: the certificate issuer lacks what it needs."""

from __future__ import annotations

from collections.abc import Iterator

from generator.profile.model import Profile
from generator.rules.base import Finding, Names


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding for each missing part."""
    tls = profile.network.tls
    if tls is None:
        return
    path = ("network", "tls", "issuer")
    if profile.network.domain is None:
        yield Finding(path, "certificates need a domain", "add network.domain")
    if tls.issuer.startswith("letsencrypt") and tls.email is None:
        yield Finding(path, f"{tls.issuer} needs an address for its notices", "add network.tls.email")
    if tls.issuer in ("own-ca", "secret") and tls.secret is None:
        yield Finding(path, f"{tls.issuer} needs a Secret", "add network.tls.secret: {name: ...}")
