"""NET106: pages whose way in gets no address."""

from __future__ import annotations

from collections.abc import Iterator

from generator.components.network.pages import published
from generator.profile.model import Profile
from generator.rules.base import Finding, Names


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding for kubeadm without addresses: k3s and RKE2 bring something that gives some."""
    network = profile.network
    bare = profile.cluster.distribution == "kubeadm" and not network.load_balancer
    if not bare or network.gateway is not None or network.ingress == "none":
        return
    pages = [page.name for page in published(profile)]
    if pages:
        yield Finding(
            ("network", "domain") if network.domain else ("network",),
            f"the way in to {', '.join(pages)} waits for an address that nobody gives",
            "add network.loadBalancer: [first-last], addresses that nothing else uses",
        )
