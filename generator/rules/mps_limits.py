"""GPU102: more MPS clients than the GPU takes, or MPS beside what the plugin refuses with it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.profile.gpu import Sharing
from generator.profile.gpu_sharing import DEFAULT, mig_strategy, plugin_nodes, sharings
from generator.profile.model import Profile
from generator.rules.base import Finding, Names, Path

MOST = 48
MOST_BEFORE_TURING = 16
"""Source: NVIDIA/k8s-device-plugin v0.20.0, cmd/mps-control-daemon/mps/device.go: compute capability 7.5."""
_BEFORE_TURING = re.compile(
    r"(^|[-_ ])(K[1-9]0|M[1-9]0|P(4|6|40|100|[1-6]000)|V100\w*|TITAN[-_ ]?(V|Xp?)|GTX[-_ ]?10\d0)([-_ ]|$)",
    re.I,
)


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding for each number that the MPS daemon refuses, and for MIG names beside MPS."""
    for name, sharing in sharings(profile).items():
        if sharing.strategy == "mps":
            path: Path = ("gpu", "sharing") if sharing is profile.gpu.sharing else ("gpu", "configs", name)
            yield from _too_many(profile, name, sharing, (*path, "replicas"))
            if mig_strategy(profile) == "mixed" and profile.gpu.advertised_by == "gpu-operator":
                yield Finding(
                    (*path, "strategy"),
                    "MPS beside migStrategy mixed: the operator tells all plugins mixed, and none starts so",
                    "use migStrategy: single, or time-slicing",
                )


def _too_many(profile: Profile, name: str, sharing: Sharing, path: Path) -> Iterator[Finding]:
    replicas = sharing.replicas or 0
    if replicas > MOST:
        yield Finding(path, f"{replicas} MPS slices: an MPS server takes {MOST} clients", f"at most {MOST}")
        return
    old = [
        node.gpus.product
        for node in plugin_nodes(profile)
        if node.gpus and (node.gpus.config or DEFAULT) == name and _BEFORE_TURING.search(node.gpus.product)
    ]
    if old and replicas > MOST_BEFORE_TURING:
        yield Finding(
            path,
            f"{replicas} MPS slices: GPUs before Turing, such as {old[0]}, take {MOST_BEFORE_TURING}",
            f"at most {MOST_BEFORE_TURING}, or a configuration of its own for those nodes",
        )
