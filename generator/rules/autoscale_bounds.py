"""DSK101: workers shall be at least more than they shall be at most."""

from __future__ import annotations

from collections.abc import Iterator

from generator.profile.model import Profile
from generator.profile.workloads import WorkerGroup
from generator.rules.base import Finding, Names, Path


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding for each group of workers with such bounds."""
    for path, group in _groups(profile):
        scale = group.autoscale
        if scale and scale.min > scale.max:
            yield Finding(
                (*path, "autoscale", "min"),
                f"at least {scale.min} workers is more than at most {scale.max}",
                "swap them, or lower min",
                related=(((*path, "autoscale", "max"), "the upper bound"),),
            )


def _groups(profile: Profile) -> Iterator[tuple[Path, WorkerGroup]]:
    if profile.dask:
        yield ("dask", "workers"), profile.dask.workers
        for name, group in profile.dask.workers.groups.items():
            yield ("dask", "workers", "groups", name), group
