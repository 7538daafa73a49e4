"""NET115: the way in is no longer maintained."""

from __future__ import annotations

from collections.abc import Iterator

from generator.profile.model import Profile
from generator.rules.base import Finding, Names


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding for ingress-nginx."""
    if profile.network.ingress == "ingress-nginx":
        yield Finding(
            ("network", "ingress"),
            "ingress-nginx was retired in March 2026: nobody mends its faults any more",
            "use traefik; it reads most annotations of ingress-nginx, so Ingresses can move one by one",
        )
