"""ingress-nginx: retired in 2026, for those who cannot leave it yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.base.images import Image
from generator.base.model import Chart, Entry, Namespace, Rollout, Values, Webhook
from generator.base.needed import has_ingress, monitor
from generator.base.traefik import service_type
from generator.base.waves import ENTRANCE
from generator.components.network.build import CLASSES, PROXIES

if TYPE_CHECKING:
    from generator.profile.model import Profile

NAMESPACE = PROXIES["ingress-nginx"]
_REGISTRY = "registry.k8s.io"
_CONTROLLER = "v1.15.1@sha256:594ceea76b01c592858f803f9ff4d2cb40542cae2060410b2c95f75907d659e1"
_CERTGEN = "v1.6.9@sha256:01038e7de14b78d702d2849c3aad72fd25903c4765af63cf16aa3398f5d5f2dd"


def build(profile: Profile) -> Values:
    """Values for the chart."""
    name = CLASSES["ingress-nginx"]
    return {
        "controller": {
            "ingressClass": name,
            "ingressClassResource": {"name": name, "default": True},
            "service": {"type": service_type(profile)},
            "metrics": {
                "enabled": profile.monitoring is not None,
                "serviceMonitor": monitor(profile),
            },
        }
    }


ENTRY = Entry(
    name="ingress-nginx",
    title="ingress-nginx (retired)",
    source=Chart("https://kubernetes.github.io/ingress-nginx", "ingress-nginx", "4.15.1"),
    namespace=Namespace(NAMESPACE, "baseline"),
    wave=ENTRANCE.number,
    licence="Apache-2.0",
    enabled=lambda profile: has_ingress(profile, "ingress-nginx"),
    values=build,
    images=(
        Image(f"{_REGISTRY}/ingress-nginx/controller:{_CONTROLLER}", "global.image.registry", _REGISTRY),
        Image(
            f"{_REGISTRY}/ingress-nginx/kube-webhook-certgen:{_CERTGEN}", "global.image.registry", _REGISTRY
        ),
    ),
    needs=("metallb", "prometheus-operator-crds"),
    ready=(
        Rollout(("deployment/ingress-nginx-controller",)),
        Webhook(
            "validatingwebhookconfiguration/ingress-nginx-admission", "ingress-nginx-controller-admission"
        ),
    ),
    defaults="ingress-nginx-4.15.1.values.yaml",
    traps=("No release after March 2026: holes found since stay open.",),
)
