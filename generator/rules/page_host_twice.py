"""NET109: two pages have one host name."""

from __future__ import annotations

from collections.abc import Iterator

from generator.components.network.pages import published
from generator.profile.model import Profile
from generator.rules.base import Finding, Names, Path


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding for each page whose host an earlier one has."""
    first: dict[str, str] = {}
    for page in published(profile):
        if page.host in first:
            yield Finding(
                _place(profile, page.name),
                f"the pages {first[page.host]} and {page.name} are both at {page.host}",
                "give one of them another host",
                related=((_place(profile, first[page.host]), f"the page {first[page.host]}"),),
            )
        first.setdefault(page.host, page.name)


def _place(profile: Profile, name: str) -> Path:
    """Where the host is said; the domain for a page that has its name from there."""
    wish = profile.network.pages.get(name)
    if wish is None:
        return ("network", "domain")
    return ("network", "pages", name, "host") if wish.host else ("network", "pages", name)
