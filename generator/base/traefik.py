"""Traefik: the way in by Gateway API or Ingress."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.base.images import Image
from generator.base.model import Chart, Crds, Entry, Namespace, Rollout, Values
from generator.base.needed import has_ingress, service_monitor_labels, uses_gateway
from generator.base.waves import ENTRANCE
from generator.components.network.build import CLASSES, PROXIES
from generator.components.network.build import build as build_network

if TYPE_CHECKING:
    from generator.profile.model import Profile

NAMESPACE = PROXIES["traefik"]


def build(profile: Profile) -> Values:
    """Values for the chart. Its Gateway is off: the umbrella's chart `network` has it."""
    ports = build_network(profile).gateway
    return {
        "providers": {
            "kubernetesGateway": {"enabled": uses_gateway(profile)},
            "kubernetesIngress": {"enabled": True},
        },
        "gateway": {"enabled": False},
        "gatewayClass": {"enabled": uses_gateway(profile), "name": CLASSES["traefik"]},
        "ingressClass": {"enabled": True, "isDefaultClass": True, "name": CLASSES["traefik"]},
        # A Gateway's listener has the port of the entry point, not that of the Service.
        "ports": {"web": {"port": ports.http_port}, "websecure": {"port": ports.https_port}},
        "service": {"spec": {"type": service_type(profile)}},
        "metrics": {"prometheus": _metrics(profile)},
        "global": {"checkNewVersion": False, "sendAnonymousUsage": False},
    }


def service_type(profile: Profile) -> str:
    """Without addresses for LoadBalancer Services such a one would wait for ever."""
    return "LoadBalancer" if profile.network.load_balancer else "NodePort"


def _metrics(profile: Profile) -> Values:
    if profile.monitoring is None:
        return {"serviceMonitor": {"enabled": False}}
    return {
        "service": {"enabled": True},
        "serviceMonitor": {"enabled": True, "additionalLabels": service_monitor_labels(profile)},
    }


ENTRY = Entry(
    name="traefik",
    title="Traefik",
    source=Chart("oci://ghcr.io/traefik/helm", "traefik", "41.3.0"),
    namespace=Namespace(NAMESPACE, "restricted"),
    wave=ENTRANCE.number,
    licence="MIT",
    enabled=lambda profile: has_ingress(profile, "traefik"),
    values=build,
    images=(Image("docker.io/traefik:v3.7.11", "image.registry", "docker.io"),),
    needs=("gateway-api", "prometheus-operator-crds", "metallb"),
    ready=(Crds(("ingressroutes.traefik.io",)), Rollout(("deployment/traefik",))),
    defaults="traefik-41.3.0.values.yaml",
    schema="traefik-41.3.0.schema.json",
    crds_in_chart=True,
    traps=(
        "The chart brings no Gateway API any more.",
        "A Gateway's listeners must have the ports of the entry points, 8000 and 8443, not 80 and 443.",
        "k3s, and RKE2 from 1.36 on, bring a Traefik of their own: machines are told to leave it out.",
    ),
)
