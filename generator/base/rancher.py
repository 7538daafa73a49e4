"""Rancher: pages to look after clusters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.base.images import Image
from generator.base.model import Chart, Entry, Namespace, Rollout, SecretWish, Values
from generator.base.needed import host, uses_gateway
from generator.base.waves import KUBEFLOW
from generator.components.network.build import CLASSES
from generator.profile.network import LETSENCRYPT

if TYPE_CHECKING:
    from generator.profile.model import Profile

NAMESPACE = "cattle-system"
_REGISTRY = "docker.io"


def build(profile: Profile) -> Values:
    """Values for the chart. The first password comes from the Secret `bootstrap-secret`, never from here."""
    out: Values = {
        "hostname": host(profile, "rancher"),
        "replicas": 1,
        **_exposure(profile),
        "bootstrapPassword": "",
        "systemDefaultRegistry": _REGISTRY,
    }
    tls = profile.network.tls
    if tls and tls.issuer in LETSENCRYPT:
        environment = tls.issuer.removeprefix("letsencrypt-")
        ingress = {"class": _class(profile)}
        out["letsEncrypt"] = {"email": tls.email or "", "environment": environment, "ingress": ingress}
    if tls and tls.issuer in ("own-ca", "secret"):
        out["privateCA"] = True
    return out


def _exposure(profile: Profile) -> Values:
    kind = "gateway" if uses_gateway(profile) and not profile.network.uses_ingress else "ingress"
    # Its issuers look at both sections, whichever is in use.
    tls, name = {"tls": {"source": _source(profile)}}, _class(profile)
    gateway: Values = {"gatewayClass": {**tls, **({"name": name} if kind == "gateway" else {})}}
    ingress: Values = {**tls, **({"ingressClassName": name} if kind == "ingress" else {})}
    return {"networkExposure": {"type": kind}, "gateway": gateway, "ingress": ingress}


def _class(profile: Profile) -> str:
    return CLASSES.get(profile.network.ingress, "")


def _source(profile: Profile) -> str:
    issuer = profile.network.tls.issuer if profile.network.tls else ""
    if issuer in LETSENCRYPT:
        return "letsEncrypt"
    return "secret" if issuer in ("own-ca", "secret") else "rancher"


ENTRY = Entry(
    name="rancher",
    title="Rancher",
    source=Chart("https://releases.rancher.com/server-charts/stable", "rancher", "2.15.0"),
    namespace=Namespace(NAMESPACE, "privileged"),
    wave=KUBEFLOW.number,
    licence="Apache-2.0",
    enabled=lambda profile: "rancher" in profile.base.extras and profile.network.domain is not None,
    values=build,
    images=(
        Image(f"{_REGISTRY}/rancher/rancher:v2.15.0", "systemDefaultRegistry", _REGISTRY),
        Image(f"{_REGISTRY}/rancher/shell:v0.8.1", "systemDefaultRegistry", _REGISTRY),
    ),
    needs=("cert-manager", "traefik", "envoy-gateway", "ingress-nginx"),
    ready=(Rollout(("deployment/rancher",)),),
    secrets=lambda _: (SecretWish("bootstrap-secret", {"bootstrapPassword": ""}),),
    defaults="rancher-2.15.0.values.yaml",
    schema="rancher-2.15.0.schema.json",
    optional=("hostname", "letsEncrypt.email"),
    timeout=900,
    traps=(
        "It needs cert-manager unless certificates are your own.",
        "Kubernetes must be older than 1.37.",
        "It installs more charts by itself while it runs, with images that only its own list names.",
        "`bootstrapPassword` would be in git: it is left out, and a Secret has it.",
    ),
)
