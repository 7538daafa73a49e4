"""STO105: a workload mounts a volume whose claim is not in the workload's namespace."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generator.profile.model import Profile
from generator.profile.workloads import Mount
from generator.rules.base import Finding, Names, Path

RELEASE = "the release's namespace"


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding for each mount that no claim in the namespace serves."""
    if profile.dask:
        yield from _mounts(profile, ("dask",), profile.dask.team, profile.dask.volumes)
    if profile.jupyterhub:
        yield from _mounts(profile, ("jupyterhub",), profile.jupyterhub.team, profile.jupyterhub.volumes)


def _mounts(profile: Profile, section: Path, team: str | None, mounts: Sequence[Mount]) -> Iterator[Finding]:
    here = profile.namespace_of(team)
    for index, mount in enumerate(mounts):
        volume = profile.storage.volumes.get(mount.volume)
        if volume is None:
            continue  # REF101
        there = profile.claim_namespace(profile.claim_of(mount.volume, volume))
        if there == here:
            continue
        place = f"team: {team}, " if team else ""
        yield Finding(
            (*section, "volumes", index, "volume"),
            f"volume {mount.volume} is claimed in {there or RELEASE}, the workload runs in {here or RELEASE}",
            f"a pod mounts only claims of its own namespace: write claim: {{{place}name: {mount.volume}}}",
            related=((("storage", "volumes", mount.volume, "claim"), "the claim"),),
        )
