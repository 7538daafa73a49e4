"""PRE101: a kubelet may run more pods than its node has addresses for."""

from __future__ import annotations

from collections.abc import Iterator

from generator.profile.model import Profile
from generator.rules.base import Finding, Names, Path

_ADDRESSES = 253


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding for each such maxPods."""
    if profile.cluster.cni not in ("flannel", "distribution") or ":" in profile.cluster.pod_cidr:
        return
    for path, value in _settings(profile):
        if isinstance(value, int) and value > _ADDRESSES:
            yield Finding(path, f"{value} pods need more addresses than a node's /24 has", "at most 253")


def _settings(profile: Profile) -> Iterator[tuple[Path, object]]:
    yield ("nodePrep", "kubelet", "maxPods"), profile.node_prep.kubelet.get("maxPods")
    for name, group in profile.node_prep.groups.items():
        yield ("nodePrep", "groups", name, "kubelet", "maxPods"), group.kubelet.get("maxPods")
