"""GPU101: a sharing configuration contradicts itself."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic.alias_generators import to_camel

from generator.profile.gpu import Sharing
from generator.profile.model import Profile
from generator.rules.base import Finding, Names, Path


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding for each key that is missing for the strategy, or has no meaning with it."""
    yield from _sharing(profile.gpu.sharing, ("gpu", "sharing"))
    for name, sharing in profile.gpu.configs.items():
        yield from _sharing(sharing, ("gpu", "configs", name))


def _sharing(sharing: Sharing, path: Path) -> Iterator[Finding]:
    strategy = sharing.strategy
    if strategy in ("time-slicing", "mps") and sharing.replicas is None:
        yield Finding(path, f"{strategy} needs the number of slices", "add replicas: 2 or more")
    if strategy == "mig" and sharing.profile is None:
        yield Finding(path, "mig needs a layout", "add profile: for example all-1g.5gb")
    for key, means, hint in _meanings(sharing):
        if key in sharing.model_fields_set and not means:
            alias = to_camel(key)
            yield Finding(
                (*path, alias), f"{alias} has no meaning with strategy {strategy}", hint, on_key=True
            )


def _meanings(sharing: Sharing) -> Iterator[tuple[str, bool, str]]:
    """Keys of some strategies only: whether this one has a use for it, and what to do if not."""
    strategy = sharing.strategy
    sliced = strategy in ("time-slicing", "mps") or (strategy == "mig" and sharing.replicas is not None)
    mig = "set strategy: mig, or remove it"
    yield "replicas", strategy != "none", "set strategy: time-slicing or mps, or remove replicas"
    yield "rename", sliced or not sharing.rename, "only slices of time-slicing and MPS can be renamed"
    yield "allow_several", sliced, "it is about slices of time-slicing and MPS"
    yield "profile", strategy == "mig", mig
    yield "mig_strategy", strategy == "mig", mig
