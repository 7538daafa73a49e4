"""CLU104: the profile counts on a pod network that its distribution does not bring."""

from __future__ import annotations

from collections.abc import Iterator

from generator.profile.model import Profile
from generator.rules.base import Finding, Names


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding for kubeadm without a pod network."""
    if profile.cluster.distribution == "kubeadm" and profile.cluster.cni == "distribution":
        yield Finding(("cluster", "cni"), "kubeadm brings no pod network", "choose flannel, calico or cilium")
