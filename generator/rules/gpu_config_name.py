"""GPU106: a GPU configuration is called as the one for nodes that name none."""

from __future__ import annotations

from collections.abc import Iterator

from generator.profile.gpu_sharing import DEFAULT
from generator.profile.model import Profile
from generator.rules.base import Finding, Names


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding for a configuration `default`."""
    if DEFAULT in profile.gpu.configs:
        yield Finding(
            ("gpu", "configs", DEFAULT),
            f"{DEFAULT} is the name of gpu.sharing in the cluster",
            "write it as gpu.sharing, or give it another name",
            on_key=True,
            related=((("gpu",), "gpu.sharing is the configuration of nodes that name none"),),
        )
