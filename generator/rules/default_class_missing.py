"""STO107: the profile has classes, none is the default, and something names no class."""

from __future__ import annotations

from collections.abc import Iterator

from generator.profile.model import Profile
from generator.rules.base import Finding, Names, Path


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding for each claim that counts on a default."""
    if profile.storage.default or not profile.storage.classes:
        return
    classes = ", ".join(sorted(profile.storage.classes))
    for path, what in _without_class(profile):
        yield Finding(
            path, f"{what} names no class, and none is the default", f"add storage.default: one of {classes}"
        )


def _without_class(profile: Profile) -> Iterator[tuple[Path, str]]:
    hub, monitoring = profile.jupyterhub, profile.monitoring
    if hub and hub.home.storage_class is None and hub.home.volume is None:
        yield ("jupyterhub", "home"), "users' homes: the claim"
    if monitoring and monitoring.grafana.persistence and monitoring.grafana.storage_class is None:
        yield ("monitoring", "grafana", "persistence"), "Grafana's claim"
