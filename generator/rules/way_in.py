"""NET111: a way in that does not understand how the pages are written."""

from __future__ import annotations

from collections.abc import Iterator

from generator.profile.model import Profile
from generator.rules.base import Finding, Names

GATEWAY_ONLY, INGRESS_ONLY = "envoy-gateway", "ingress-nginx"


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding for each contradiction between controller, API and Gateway."""
    network = profile.network
    if network.ingress == INGRESS_ONLY and network.api == "gateway":
        yield Finding(
            ("network", "api"), "ingress-nginx knows no Gateways", "leave out api, or use ingress: traefik"
        )
    if network.ingress == GATEWAY_ONLY and network.uses_ingress:
        yield Finding(
            ("network", "api"), "Envoy Gateway knows no Ingresses", "leave out api, or use ingress: traefik"
        )
    if network.gateway and network.uses_ingress:
        yield Finding(
            ("network", "gateway"),
            "this Gateway is not used: pages become Ingresses",
            "leave out gateway, or write pages with api: gateway and ingress: none",
        )
