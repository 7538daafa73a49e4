"""STO109: two volumes of a workload are mounted at the same path."""

from __future__ import annotations

from collections.abc import Iterator

from generator.profile.model import Profile
from generator.rules.base import Finding, Names
from generator.rules.name_duplicate import repeats


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding for the second and each later mount at a path."""
    for section, part in (("dask", profile.dask), ("jupyterhub", profile.jupyterhub)):
        mounts = part.volumes if part else []
        uses = (((section, "volumes", i, "mountPath"), one.mount_path) for i, one in enumerate(mounts))
        yield from repeats("mount path", uses)
