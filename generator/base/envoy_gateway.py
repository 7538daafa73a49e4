"""Envoy Gateway: the way in by Gateway API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.base.images import Image
from generator.base.model import Chart, Entry, Namespace, Objects, Rollout, Values
from generator.base.needed import has_ingress
from generator.base.waves import ENTRANCE
from generator.components.network.build import CLASSES, PROXIES

if TYPE_CHECKING:
    from generator.profile.model import Profile

NAMESPACE = PROXIES["envoy-gateway"]
_GATEWAY = "docker.io/envoyproxy/gateway:v1.9.0"
_PROXY = "docker.io/envoyproxy/envoy:distroless-v1.39.0"


def _class(_: Profile) -> dict[str, list[Values]]:
    """The chart makes no GatewayClass."""
    return {
        "gatewayclass.yaml": [
            {
                "apiVersion": "gateway.networking.k8s.io/v1",
                "kind": "GatewayClass",
                "metadata": {"name": CLASSES["envoy-gateway"]},
                "spec": {"controllerName": "gateway.envoyproxy.io/gatewayclass-controller"},
            }
        ]
    }


ENTRY = Entry(
    name="envoy-gateway",
    title="Envoy Gateway",
    source=Chart("oci://docker.io/envoyproxy", "gateway-helm", "v1.9.0"),
    namespace=Namespace(NAMESPACE, "baseline"),
    wave=ENTRANCE.number,
    licence="Apache-2.0",
    enabled=lambda profile: has_ingress(profile, "envoy-gateway"),
    values=lambda _: {"global": {"images": {"envoyProxy": {"image": _PROXY}}}},
    images=(
        Image(_GATEWAY, "global.images.envoyGateway.image", _GATEWAY),
        Image(_PROXY, "global.images.envoyProxy.image", _PROXY),
        Image(
            "docker.io/envoyproxy/ratelimit:17b1956c",
            "global.images.ratelimit.image",
            "docker.io/envoyproxy/ratelimit:17b1956c",
        ),
    ),
    needs=("metallb",),
    ready=(Rollout(("deployment/envoy-gateway",)),),
    crds_in_chart=True,
    traps=(
        "The chart brings Gateway API itself: a second set of the same definitions is left out.",
        "It makes no GatewayClass.",
    ),
)

CLASS = Entry(
    name="envoy-gateway-class",
    title="GatewayClass of Envoy Gateway",
    source=Objects(files=_class),
    namespace=Namespace(NAMESPACE, "baseline"),
    wave=ENTRANCE.number,
    licence="MIT",
    enabled=ENTRY.enabled,
    needs=("envoy-gateway",),
    traps=("The umbrella's Gateway names this class: without it nobody serves the Gateway.",),
)
