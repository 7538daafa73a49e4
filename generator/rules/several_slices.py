"""GPU105: a container asks for several slices where the plugin fails such pods."""

from __future__ import annotations

from collections.abc import Iterator

from generator.profile.demand import Demand, demands, fits
from generator.profile.gpu_sharing import is_shared, sharing_of
from generator.profile.model import Profile
from generator.profile.nodes import Node
from generator.rules.base import Finding, Names


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding for each kind of pod that the scheduler could send where it fails."""
    for demand in demands(profile):
        node = _trap(profile, demand) if demand.gpus > 1 else None
        if node is not None:
            yield Finding(
                (*demand.path, "gpus"),
                f"{demand.what} asks for {demand.gpus} slices: on {node.name} such pods fail at admission",
                "ask for one, or set allowSeveral: true; several slices may be of one GPU",
            )


def _trap(profile: Profile, demand: Demand) -> Node | None:
    for node in profile.nodes:
        sharing = sharing_of(profile, node)
        if is_shared(sharing) and not sharing.allow_several and fits(profile, demand, node):
            return node
    return None
