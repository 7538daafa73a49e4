"""KUB103: a PodDefault's volume that no team's pod can mount."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generator.profile.model import Profile
from generator.profile.workloads import Mount
from generator.rules.base import Finding, Names, Path


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding for each claim outside the teams' namespaces, and for lists without a common one."""
    if profile.kubeflow is None:
        return
    yield from _outside(profile, ("kubeflow", "volumes"), profile.kubeflow.volumes)
    for name, wish in profile.kubeflow.pod_defaults.items():
        path = ("kubeflow", "podDefaults", name)
        yield from _outside(profile, (*path, "volumes"), wish.volumes)
        yield from _apart(profile, path, wish.volumes, wish.teams)


def _outside(profile: Profile, path: Path, mounts: Sequence[Mount]) -> Iterator[Finding]:
    for index, mount in enumerate(mounts):
        place = _place(profile, mount)
        if place is not None and place not in profile.team_namespaces.values():
            yield Finding(
                (*path, index, "volume"),
                f"no team's pod can mount {mount.volume}: its claim is in {place or 'no team'}'s namespace",
                f"add claim: {{team: ...}} to storage.volumes.{mount.volume}",
                related=((("storage", "volumes", mount.volume), "the volume"),),
            )


def _apart(profile: Profile, path: Path, mounts: Sequence[Mount], teams: Sequence[str]) -> Iterator[Finding]:
    places = {place for mount in mounts if (place := _place(profile, mount)) is not None}
    chosen = {profile.namespace_of(team) for team in teams}
    if len(places) > 1 or (places and chosen and not places & chosen):
        found = " and ".join(sorted(place or "the release's namespace" for place in places))
        yield Finding(
            (*path, "volumes"),
            f"the claims are in {found}",
            "one PodDefault takes volumes of one team, its own",
        )


def _place(profile: Profile, mount: Mount) -> str | None:
    """Namespace of the volume's claim; None for a volume that there is not, which is REF101."""
    volume = profile.storage.volumes.get(mount.volume)
    return None if volume is None else profile.claim_namespace(profile.claim_of(mount.volume, volume))
