"""NET114: a page without login that the internet reaches."""

from __future__ import annotations

from collections.abc import Iterator

from generator.components.network.pages import WITHOUT_LOGIN, published
from generator.profile.model import Profile
from generator.rules.base import Finding, Names


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding for each such page: who can check http01 can open it."""
    tls = profile.network.tls
    if tls is None or not tls.issuer.startswith("letsencrypt") or tls.challenge != "http01":
        return
    for page in published(profile):
        if page.name in WITHOUT_LOGIN:
            yield Finding(
                ("network", "pages", page.name, "enabled"),
                f"{page.name} has no login, and http01 needs {page.host} open to the internet",
                "leave the page out (kubectl port-forward reaches it), or use dns01 and keep port 80 closed",
                related=((("network", "tls", "issuer"), "the issuer"),),
            )
