"""From a profile's `network` section to the chart's values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

from generator.components.lean import lean
from generator.components.monitoring_labels import STACK_NAMESPACE
from generator.components.network.certificates import Acme, Ca, Issuer, Tls
from generator.components.network.pages import host_of, published
from generator.components.network.values import (
    ExistingGateway,
    Gateway,
    Ingress,
    Istio,
    LoadBalancer,
    NetworkPolicy,
    NetworkValues,
    Page,
    Pool,
)
from generator.components.shared import build_global
from generator.profile.network import LETSENCRYPT

if TYPE_CHECKING:
    from generator.profile import network
    from generator.profile.model import Profile

POOL = "lan"
SERVERS = {
    "letsencrypt-staging": "https://acme-staging-v02.api.letsencrypt.org/directory",
    "letsencrypt-production": "https://acme-v02.api.letsencrypt.org/directory",
}
CLASSES = {"traefik": "traefik", "envoy-gateway": "eg", "ingress-nginx": "nginx"}
PROXIES = {"traefik": "traefik", "envoy-gateway": "envoy-gateway-system", "ingress-nginx": "ingress-nginx"}
"""Namespaces in which the base layer runs the proxies.

k3s and RKE2 bring proxies of their own, in kube-system: their machines are told to leave them out.
"""
_ISTIO_API = "networking.istio.io/v1/Gateway"
_API_OF = {STACK_NAMESPACE: "monitoring.coreos.com/v1/ServiceMonitor", "istio-system": _ISTIO_API}
"""Of the base layer's namespaces with a page: the API that comes with what runs there."""


def build(profile: Profile) -> NetworkValues:
    """`enabled=False` when the profile has neither addresses nor pages nor certificates."""
    wish = profile.network
    pages = _pages(profile)
    istio = _istio(profile)
    pools = {POOL: Pool(addresses=list(wish.load_balancer))} if wish.load_balancer else {}
    issuers = _issuers(wish)
    return NetworkValues(
        enabled=bool(pools or pages or issuers or istio.enabled),
        global_=build_global(profile),
        load_balancer=LoadBalancer(pools=pools),
        issuers=issuers,
        tls=_tls(wish),
        gateway=_gateway(wish) if pages and not wish.uses_ingress else Gateway(),
        ingress=_ingress(wish) if pages and wish.uses_ingress else Ingress(),
        pages=pages,
        network_policy=NetworkPolicy(namespace_labels=_proxies(profile)),
        istio=istio,
    )


def namespaces(profile: Profile) -> dict[str, str]:
    """Namespaces of other releases in which this chart has objects, and the API that shows they are there.

    The deployer needs rights in them. An API is group, version and kind; "" where there is none to ask for.
    """
    values = build(profile)
    if not values.enabled:
        return {}
    found = dict(_namespaces(values))
    return {name: found[name] for name in sorted({*found} - {"", *profile.team_namespaces.values()})}


def _namespaces(values: NetworkValues) -> Iterator[tuple[str, str]]:
    yield from ((page.namespace, _API_OF.get(page.namespace, "")) for page in values.pages.values())
    if values.load_balancer.pools:
        yield values.load_balancer.namespace, "metallb.io/v1beta1/IPAddressPool"
    if any(issuer.ca.create for issuer in values.issuers.values()):
        yield values.cert_manager_namespace, "cert-manager.io/v1/ClusterIssuer"
    if values.gateway.existing.name:
        yield values.gateway.existing.namespace, "gateway.networking.k8s.io/v1/Gateway"
    if values.istio.enabled:
        yield values.istio.namespace, _ISTIO_API
        yield values.istio.pods_namespace, _ISTIO_API


def _pages(profile: Profile) -> dict[str, Page]:
    if profile.network.ingress == "none" and profile.network.gateway is None:
        return {}
    return {page.name: lean(Page, host=page.host, **asdict(page.backend)) for page in published(profile)}


def _issuers(wish: network.Network) -> dict[str, Issuer]:
    """Both of Let's Encrypt's for who uses one of them: the way from staging to production is one word."""
    tls = wish.tls
    if tls is None or tls.issuer == "secret":
        return {}
    if tls.issuer in LETSENCRYPT:
        return {name: _letsencrypt(tls, server) for name, server in SERVERS.items()}
    if tls.issuer == "own-ca":
        return {"own-ca": Issuer(type="ca", ca=lean(Ca, secret_name=tls.secret.name if tls.secret else ""))}
    return {"self-signed": Issuer(type="ca", ca=lean(Ca, create=True))}


def _letsencrypt(tls: network.Tls, server: str) -> Issuer:
    dns01 = dict(tls.dns01) if tls.challenge == "dns01" else {}
    # Named in full, so that the values say which of the two servers it is.
    return Issuer(
        type="acme", acme=lean(Acme, email=tls.email or "", dns01=dns01).model_copy(update={"server": server})
    )


def _tls(wish: network.Network) -> Tls:
    if wish.tls is None:
        return Tls()
    if wish.tls.issuer == "secret":
        return lean(Tls, secret_name=wish.tls.secret.name if wish.tls.secret else "")
    return lean(Tls, issuer=wish.tls.issuer)


def _gateway(wish: network.Network) -> Gateway:
    if wish.gateway:
        existing = ExistingGateway(name=wish.gateway.name, namespace=wish.gateway.namespace)
        return Gateway(enabled=True, existing=existing)
    if wish.ingress == "traefik":  # Its listeners are its entry points, by the ports of its pods.
        return Gateway(enabled=True, class_name=CLASSES["traefik"], http_port=8000, https_port=8443)
    return Gateway(enabled=True, class_name=CLASSES[wish.ingress], http_port=80, https_port=443)


def _ingress(wish: network.Network) -> Ingress:
    redirects = {"traefik": "traefik", "ingress-nginx": "nginx"}
    return Ingress.model_validate(
        {"enabled": True, "className": CLASSES[wish.ingress], "redirect": redirects.get(wish.ingress, "none")}
    )


def _proxies(profile: Profile) -> dict[str, str]:
    wish = profile.network
    place = wish.gateway.namespace if wish.gateway else PROXIES.get(wish.ingress, "traefik")
    return {"kubernetes.io/metadata.name": place}


def _istio(profile: Profile) -> Istio:
    host = host_of(profile, "kubeflow")
    if profile.kubeflow is None or profile.kubeflow.entry != "istio" or host is None:
        return Istio()
    return Istio(enabled=True, name="kubeflow-gateway", host=host)
