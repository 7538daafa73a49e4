"""cert-manager: certificates from Let's Encrypt or a CA of one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.base.images import Image
from generator.base.model import Chart, Crds, Entry, Namespace, Values, Webhook
from generator.base.needed import needs_certificates, service_monitor_labels, uses_gateway
from generator.base.waves import FOUNDATION

if TYPE_CHECKING:
    from generator.profile.model import Profile

NAMESPACE = "cert-manager"
_VERSION = "v1.21.1"
_PARTS = ("controller", "webhook", "cainjector", "acmesolver", "startupapicheck")


def build(profile: Profile) -> Values:
    """Values for the chart."""
    return {
        "crds": {"enabled": True, "keep": True},
        "config": {
            "apiVersion": "controller.config.cert-manager.io/v1alpha1",
            "kind": "ControllerConfiguration",
            "gatewayAPI": {"enabled": uses_gateway(profile)},
        },
        "prometheus": {"servicemonitor": _monitor(profile)},
    }


def _monitor(profile: Profile) -> Values:
    """Not `serviceMonitor`, and `labels` instead of `additionalLabels`: each chart has its own words."""
    if profile.monitoring is None:
        return {"enabled": False}
    return {"enabled": True, "labels": service_monitor_labels(profile)}


ENTRY = Entry(
    name="cert-manager",
    title="cert-manager",
    source=Chart("oci://quay.io/jetstack/charts", "cert-manager", _VERSION),
    namespace=Namespace(NAMESPACE, "restricted"),
    wave=FOUNDATION.number,
    licence="Apache-2.0",
    enabled=needs_certificates,
    values=build,
    images=tuple(
        Image(f"quay.io/jetstack/cert-manager-{part}:{_VERSION}", "imageRegistry", "quay.io")
        for part in _PARTS
    ),
    needs=("gateway-api", "prometheus-operator-crds"),
    ready=(
        Crds(("certificates.cert-manager.io", "clusterissuers.cert-manager.io", "issuers.cert-manager.io")),
        Webhook("validatingwebhookconfiguration/cert-manager-webhook", "cert-manager-webhook"),
    ),
    defaults="cert-manager-v1.21.1.values.yaml",
    schema="cert-manager-v1.21.1.schema.json",
    optional=("config.apiVersion", "config.kind", "config.gatewayAPI.enabled"),
    crds_in_chart=True,
    traps=(
        "`image.registry` is put before the whole name, registry and all; `imageRegistry` replaces it.",
        "`crds.enabled` is false by default, and `installCRDs` is gone.",
        "Gateway API must be there when the controller starts: it looks for it once.",
        "http01 needs port 80 of the way in reachable from the internet; on a LAN use dns01 or a CA.",
        "Its webhook refuses everything until it has its certificate: issuers come a wave later.",
    ),
)
