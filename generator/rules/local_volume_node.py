"""STO108: a workload mounts a volume of a node that takes no workloads."""

from __future__ import annotations

from collections.abc import Iterator

from generator.profile.model import Profile
from generator.profile.workloads import Mount
from generator.rules.base import Finding, Names, Path


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding for each such mount."""
    closed = {
        node.name
        for node in profile.nodes
        if not profile.is_schedulable(node) or any(one.effect != "PreferNoSchedule" for one in node.taints)
    }
    for path, mount in _mounts(profile):
        volume = profile.storage.volumes.get(mount.volume)
        if volume and volume.local and volume.local.node in closed:
            yield Finding(
                path,
                f"volume {mount.volume} is on node {volume.local.node}, which takes no workloads",
                "write schedulable: true on that node, or put the volume elsewhere",
                related=((("storage", "volumes", mount.volume, "local", "node"), "the node"),),
            )


def _mounts(profile: Profile) -> Iterator[tuple[Path, Mount]]:
    for section, part in (("dask", profile.dask), ("jupyterhub", profile.jupyterhub)):
        for index, mount in enumerate(part.volumes if part else ()):
            yield (section, "volumes", index, "volume"), mount
