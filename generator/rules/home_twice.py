"""HUB102: two places for homes."""

from __future__ import annotations

from collections.abc import Iterator

from generator.profile.model import Profile
from generator.rules.base import Finding, Names


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding when homes are in one volume and made by a class as well."""
    home = profile.jupyterhub.home if profile.jupyterhub else None
    if home and home.volume and home.storage_class:
        yield Finding(
            ("jupyterhub", "home", "volume"),
            "homes are folders of this volume, and a class makes a volume for each",
            "keep volume or class",
            related=((("jupyterhub", "home", "class"), "the class"),),
        )
