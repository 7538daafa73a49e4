"""MetalLB: addresses of the LAN for Services of type LoadBalancer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.base.images import Image
from generator.base.model import Chart, Crds, Entry, Namespace, Values, Webhook
from generator.base.needed import service_monitor_labels
from generator.base.waves import FOUNDATION
from generator.components.monitoring_labels import STACK_NAMESPACE

if TYPE_CHECKING:
    from generator.profile.model import Profile

NAMESPACE = "metallb-system"
_REGISTRY = "quay.io/metallb"


def build(profile: Profile) -> Values:
    """Values for the chart: announcing by ARP and NDP, without BGP."""
    return {
        "frrk8s": {"enabled": False},
        "speaker": {"frr": {"enabled": False}},
        "prometheus": _prometheus(profile),
    }


def _prometheus(profile: Profile) -> Values:
    if profile.monitoring is None:
        return {"serviceMonitor": {"enabled": False}}
    labels = {"additionalLabels": service_monitor_labels(profile)}
    return {
        # With monitors the chart demands to know who may read the metrics.
        "namespace": STACK_NAMESPACE,
        "serviceAccount": f"{profile.monitoring.release}-kube-prometheus-prometheus",
        "serviceMonitor": {"enabled": True, "speaker": labels, "controller": labels},
    }


ENTRY = Entry(
    name="metallb",
    title="MetalLB",
    source=Chart("https://metallb.github.io/metallb", "metallb", "0.16.1"),
    namespace=Namespace(NAMESPACE, "privileged"),
    wave=FOUNDATION.number,
    licence="Apache-2.0",
    enabled=lambda profile: bool(profile.network.load_balancer),
    values=build,
    images=tuple(
        Image(f"{_REGISTRY}/{part}:v0.16.1", f"{part}.image.repository", f"{_REGISTRY}/{part}")
        for part in ("controller", "speaker")
    ),
    needs=("prometheus-operator-crds",),
    ready=(
        Crds(("ipaddresspools.metallb.io", "l2advertisements.metallb.io")),
        Webhook("validatingwebhookconfiguration/metallb-webhook-configuration", "metallb-webhook-service"),
    ),
    defaults="metallb-0.16.1.values.yaml",
    schema="metallb-0.16.1.schema.json",
    crds_in_chart=True,
    traps=(
        "From 0.16 on FRR-K8s is the default; who announces by ARP only turns it off.",
        "A pool without an L2Advertisement gives an address that nobody answers for.",
        "kube-proxy in IPVS mode needs strictARP.",
        "k3s brings ServiceLB, which takes the same Services: its machines are told `disable: [servicelb]`.",
        "`prometheus.serviceMonitor.enabled` demands `prometheus.namespace` and `prometheus.serviceAccount`.",
    ),
)
