"""LAB103: a node's own labels have a key that Kubernetes or NVIDIA's discovery writes."""

from __future__ import annotations

from collections.abc import Iterator

from generator.profile.model import Profile
from generator.rules.base import Finding, Names

_KEYS = ("kubernetes.io/hostname", "kubernetes.io/os", "kubernetes.io/arch")
_PREFIXES = ("node-role.kubernetes.io/control-plane", "nvidia.com/gpu", "nvidia.com/mig", "nvidia.com/cuda")


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding for each such label."""
    for index, node in enumerate(profile.nodes):
        for key in node.labels:
            if key in _KEYS or key.startswith(_PREFIXES):
                yield Finding(
                    ("nodes", index, "labels", key),
                    f"the label {key} is written by {'NVIDIA' if key.startswith('nvidia') else 'Kubernetes'}",
                    "leave it out; use a key of your own, such as example.org/rack",
                    on_key=True,
                )
