"""NET113: more Services want an address than there are addresses."""

from __future__ import annotations

from collections.abc import Iterator

from generator.components.network.pages import published
from generator.names import range_bounds
from generator.profile.model import Profile
from generator.rules.base import Finding, Names


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding when the ranges hold too few."""
    ranges = profile.network.load_balancer
    wanted = list(_wanted(profile))
    there = sum(last - first + 1 for first, last in map(range_bounds, ranges))
    if ranges and len(wanted) > there:
        yield Finding(
            ("network", "loadBalancer"),
            f"{len(wanted)} Services want an address, there {'is' if there == 1 else 'are'} {there}",
            f"they are {', '.join(wanted)}: add addresses, or make one of them ClusterIP",
        )


def _wanted(profile: Profile) -> Iterator[str]:
    network = profile.network
    if network.gateway is None and network.ingress != "none" and any(published(profile)):
        yield "the way in"
    if profile.dask and profile.dask.service == "LoadBalancer":
        yield "the Dask scheduler"
        if profile.dask.notebook.enabled:
            yield "the Dask notebook"
    if profile.kubeflow and profile.kubeflow.entry == "istio":
        yield "Istio's gateway"
