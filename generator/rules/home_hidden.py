"""HUB107: a volume hides users' homes."""

from __future__ import annotations

from collections.abc import Iterator

from generator.profile.model import Profile
from generator.rules.base import Finding, Names

HOME = "/home/jovyan"
"""Where Jupyter's images have the home."""


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding for each volume of the notebooks that is mounted at the home or above it."""
    for index, mount in enumerate(profile.jupyterhub.volumes if profile.jupyterhub else []):
        place = mount.mount_path.rstrip("/")
        if f"{HOME}/".startswith(f"{place}/"):
            yield Finding(
                ("jupyterhub", "volumes", index, "mountPath"),
                f"it would hide users' homes at {HOME}",
                "mount it elsewhere, such as /data",
            )
