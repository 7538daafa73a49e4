"""From a profile to the values of the chart `network`."""

from __future__ import annotations

from typing import Any

import pytest

from generator.components.network.build import build, namespaces
from generator.components.network.pages import published
from generator.components.network.values import NetworkValues
from generator.profile.model import Profile

NODE = {"name": "a", "role": "control-plane", "cpu": 8, "memory": "32Gi"}
DOMAIN = {"domain": "lab.example.org"}
EVERYTHING: dict[str, Any] = {
    "dask": {"team": "vision"},
    "jupyterhub": {},
    "monitoring": {"release": "stack"},
    "kubeflow": {},
    "teams": [{"name": "vision"}],
}


def _profile(network: dict[str, Any], **sections: Any) -> Profile:
    return Profile.model_validate({"name": "lab", "nodes": [NODE], "network": network, **sections})


def _built(network: dict[str, Any], **sections: Any) -> NetworkValues:
    return build(_profile(network, **sections))


def test_every_part_has_a_page_but_not_what_has_no_login() -> None:
    pages = {page.name: page.host for page in published(_profile(DOMAIN, **EVERYTHING))}
    assert pages == {
        "dask-notebook": "notebook.lab.example.org",
        "jupyterhub": "hub.lab.example.org",
        "grafana": "grafana.lab.example.org",
        "kubeflow": "kubeflow.lab.example.org",
    }


def test_pages_are_changed_added_and_taken_away() -> None:
    wish = {
        "dask-dashboard": {"enabled": True},
        "grafana": {"enabled": False},
        "jupyterhub": {"host": "jupyter.example.org"},
        "mlflow": {"service": "mlflow", "port": 5000, "team": "vision"},
    }
    pages = _built(DOMAIN | {"pages": wish}, **EVERYTHING).pages
    assert "grafana" not in pages
    assert pages["jupyterhub"].host == "jupyter.example.org"
    assert (pages["mlflow"].namespace, pages["mlflow"].port) == ("vision", 5000)
    assert (pages["dask-dashboard"].component, pages["dask-dashboard"].port) == ("scheduler", 8787)


def test_the_services_of_other_releases_are_named_as_those_name_them() -> None:
    pages = _built(DOMAIN, **EVERYTHING).pages
    assert (pages["grafana"].namespace, pages["grafana"].service) == ("monitoring", "stack-grafana")
    assert (pages["kubeflow"].namespace, pages["kubeflow"].service) == (
        "istio-system",
        "istio-ingressgateway",
    )


@pytest.mark.parametrize(
    ("network", "way"),
    [
        ({}, ("gateway", "traefik", 8000, 8443)),
        ({"ingress": "envoy-gateway"}, ("gateway", "eg", 80, 443)),
        ({"ingress": "ingress-nginx"}, ("ingress", "nginx", "nginx")),
        ({"api": "ingress"}, ("ingress", "traefik", "traefik")),
    ],
)
def test_the_way_in(network: dict[str, Any], way: tuple[Any, ...]) -> None:
    built = _built(DOMAIN | network, dask={})
    gateway, ingress = built.gateway, built.ingress
    assert (gateway.enabled, ingress.enabled) == (way[0] == "gateway", way[0] == "ingress")
    if gateway.enabled:
        assert (gateway.class_name, gateway.http_port, gateway.https_port) == way[1:]
    else:
        assert (ingress.class_name, ingress.redirect) == way[1:]


@pytest.mark.parametrize(
    ("distribution", "network", "place"),
    [
        ("kubeadm", {}, "traefik"),
        ("k3s", {}, "traefik"),
        ("rke2", {"ingress": "ingress-nginx"}, "ingress-nginx"),
        ("k3s", {"ingress": "envoy-gateway"}, "envoy-gateway-system"),
        ("k3s", {"gateway": {"name": "lab", "namespace": "gw"}}, "gw"),
    ],
)
def test_policies_know_where_the_proxy_runs(distribution: str, network: dict[str, Any], place: str) -> None:
    built = _built(DOMAIN | network, cluster={"distribution": distribution}, dask={})
    assert built.network_policy.namespace_labels == {"kubernetes.io/metadata.name": place}


def test_without_a_way_in_only_addresses_are_left() -> None:
    built = _built(DOMAIN | {"ingress": "none", "loadBalancer": ["10.0.0.1"]}, dask={})
    assert (built.pages, built.gateway.enabled, list(built.load_balancer.pools)) == ({}, False, ["lan"])
    assert not _built({"ingress": "none"}, dask={}).enabled


def test_both_issuers_are_made_and_one_is_used() -> None:
    tls = {"issuer": "letsencrypt-production", "email": "admin@lab.example.org"}
    built = _built(DOMAIN | {"tls": tls})
    assert built.issuers.keys() == {"letsencrypt-staging", "letsencrypt-production"}
    assert built.tls.issuer == "letsencrypt-production"
    assert len({issuer.acme.server for issuer in built.issuers.values()}) == 2


def test_a_ca_for_a_lan_and_a_certificate_of_ones_own() -> None:
    assert _built(DOMAIN | {"tls": {"issuer": "self-signed"}}).issuers["self-signed"].ca.create
    own = {"issuer": "own-ca", "secret": {"name": "lab-ca"}}
    assert _built(DOMAIN | {"tls": own}).issuers["own-ca"].ca.secret_name == "lab-ca"
    secret = _built(DOMAIN | {"tls": {"issuer": "secret", "secret": {"name": "lab-tls"}}}, dask={})
    assert (secret.issuers, secret.tls.secret_name) == ({}, "lab-tls")


def test_istio_has_a_gateway_of_its_own_only_when_it_is_the_entry() -> None:
    assert not _built(DOMAIN, kubeflow={}).istio.enabled
    built = _built(DOMAIN, kubeflow={"entry": "istio"})
    assert (built.istio.enabled, built.istio.host) == (True, "kubeflow.lab.example.org")
    assert "kubeflow" not in built.pages


def test_the_deployer_is_told_where_there_are_objects() -> None:
    network = DOMAIN | {"loadBalancer": ["10.0.0.1"], "tls": {"issuer": "self-signed"}}
    found = namespaces(_profile(network, **EVERYTHING))
    assert set(found) == {"metallb-system", "cert-manager", "monitoring", "istio-system"}
