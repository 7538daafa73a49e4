"""Definitions that come before all charts: Gateway API and Prometheus' monitors."""

from __future__ import annotations

from generator.base.model import Chart, Crds, Entry, Namespace, Objects, Remote
from generator.base.needed import has_ingress
from generator.base.waves import CRDS
from generator.components.monitoring_labels import STACK_NAMESPACE

_GATEWAY_API = "gateway.networking.k8s.io"

GATEWAY_API = Entry(
    name="gateway-api",
    title="Gateway API",
    source=Objects(
        remotes=(
            Remote(
                "https://github.com/kubernetes-sigs/gateway-api",
                "config/crd",
                "v1.6.1",
                "8bb74df00e56ec8f944d48c25e6c1c9c2f6848e3",
            ),
        )
    ),
    namespace=Namespace("kube-system", "privileged", shared=True),
    wave=CRDS.number,
    licence="Apache-2.0",
    # Envoy Gateway's chart brings them itself.
    enabled=lambda profile: has_ingress(profile, "traefik"),
    ready=(Crds(tuple(f"{kind}.{_GATEWAY_API}" for kind in ("gatewayclasses", "gateways", "httproutes"))),),
    traps=(
        "No chart brings them any more, and Traefik's refuses its Gateway without them.",
        "Too large for client-side apply: they are applied by the server.",
    ),
)
PROMETHEUS = Entry(
    name="prometheus-operator-crds",
    title="Definitions of the Prometheus operator",
    source=Chart("oci://ghcr.io/prometheus-community/charts", "prometheus-operator-crds", "31.0.1"),
    namespace=Namespace(STACK_NAMESPACE, "privileged"),
    wave=CRDS.number,
    licence="Apache-2.0",
    enabled=lambda profile: profile.monitoring is not None,
    ready=(
        Crds(
            tuple(
                f"{kind}.monitoring.coreos.com"
                for kind in ("servicemonitors", "podmonitors", "prometheusrules", "prometheuses")
            )
        ),
    ),
    crds_in_chart=True,
    traps=("In a release of their own they are upgraded with helm; inside the stack they are not.",),
)
