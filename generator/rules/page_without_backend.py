"""NET110: a page with nothing behind it, or that nobody could name."""

from __future__ import annotations

from collections.abc import Iterator

from generator.components.network.pages import KNOWN, backends, host_of, is_on
from generator.diagnostics.suggest import did_you_mean
from generator.profile.model import Profile
from generator.rules.base import Finding, Names


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding for each page of the profile that could not be published."""
    behind = backends(profile)
    for name, wish in profile.network.pages.items():
        path = ("network", "pages", name)
        if name in KNOWN and wish.service is not None:
            yield Finding(
                (*path, "service"), f"{name} is a page of the platform itself", "give your page another name"
            )
        elif name not in behind:
            yield Finding(path, f"there is nothing behind the page {name}", _hint(name), on_key=True)
        elif is_on(profile, name) and host_of(profile, name) is None:
            yield Finding(
                path, f"the page {name} has no host name", "add host, or network.domain", on_key=True
            )


def _hint(name: str) -> str:
    if name in KNOWN:
        return f"{name} is not in this profile: add that part, or leave the page out"
    guess = did_you_mean(name, tuple(KNOWN))
    return f"did you mean {guess}? Else add service and port" if guess else "add service and port"
