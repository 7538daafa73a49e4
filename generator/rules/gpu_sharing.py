"""GPU101: a sharing configuration contradicts itself."""

from __future__ import annotations

from collections.abc import Iterator

from generator.profile.gpu import Sharing
from generator.profile.model import Profile
from generator.rules.base import Finding, Names, Path


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding for each key that is missing for the strategy, or has no meaning with it."""
    yield from _sharing(profile.gpu.sharing, ("gpu", "sharing"))
    for name, sharing in profile.gpu.configs.items():
        yield from _sharing(sharing, ("gpu", "configs", name))


def _sharing(sharing: Sharing, path: Path) -> Iterator[Finding]:
    sliced = sharing.strategy in ("time-slicing", "mps")
    if sliced and sharing.replicas is None:
        yield Finding(path, f"{sharing.strategy} needs the number of slices", "add replicas: 2 or more")
    if not sliced and sharing.replicas is not None:
        yield Finding(
            (*path, "replicas"),
            f"replicas has no meaning with strategy {sharing.strategy}",
            "set strategy: time-slicing or mps, or remove replicas",
            on_key=True,
        )
    if sharing.strategy == "mig" and sharing.profile is None:
        yield Finding(path, "mig needs a layout", "add profile: for example all-1g.5gb")
    if sharing.strategy != "mig" and sharing.profile is not None:
        yield Finding(
            (*path, "profile"),
            f"profile has no meaning with strategy {sharing.strategy}",
            "set strategy: mig, or remove profile",
            on_key=True,
        )
    if sharing.rename and not sliced:
        yield Finding(
            (*path, "rename"),
            f"rename has no meaning with strategy {sharing.strategy}",
            "only slices of time-slicing and MPS can be renamed",
            on_key=True,
        )
