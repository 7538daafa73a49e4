"""The chart `network` by both helms: pools, issuers, certificates, Gateway, Ingress, Istio, policies."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.render.conftest import Template
from tests.render.helm_binary import ROOT, Document, Helm, documents
from tests.render.kubernetes_schemas import VERSIONS, KubernetesSchemas, make_schemas

ALWAYS = {"global": {"customResources": "always"}}
LETSENCRYPT = {"issuers": {"le": {"type": "acme"}}, "tls": {"issuer": "le"}}
DASK = {"host": "dask.lab.example.org", "namespace": "vision", "chart": "dask", "component": "scheduler"}
PAGES: dict[str, dict[str, Any]] = {"pages": {"dask": {**DASK, "port": 8787}}}
GATEWAY = {"gateway": {"enabled": True}}
INGRESS = {"ingress": {"enabled": True}}
CHALLENGE = "/.well-known/acme-challenge/token"
CASES = sorted((ROOT / "charts/umbrella/charts/network/ci").glob("*-values.yaml"))
NO_SCHEMA = {"Middleware"}
"""Kinds of Traefik, whose definitions are not at hand."""


@pytest.fixture
def render(template: Template) -> Any:
    """Documents of several layers of values, custom resources included."""

    def render(*layers: dict[str, Any], **options: Any) -> list[Document]:
        return template("network", [ALWAYS, *layers], **options)

    return render


def _kind(found: list[Document], kind: str) -> list[Document]:
    return [one for one in found if one["kind"] == kind]


def _one(found: list[Document], kind: str) -> Document:
    (one,) = _kind(found, kind)
    return one


def _named(found: list[Document], kind: str, name: str) -> Document:
    (one,) = (one for one in _kind(found, kind) if one["metadata"]["name"] == name)
    return one


@pytest.fixture(scope="module")
def schemas(tmp_path_factory: pytest.TempPathFactory, upstream: Path) -> KubernetesSchemas:
    folder = tmp_path_factory.mktemp("crds")
    for group in ("cert-manager", "gateway-api", "istio", "metallb"):
        shutil.copytree(upstream / "crds" / group, folder / group)
    return make_schemas(tmp_path_factory.mktemp("schemas") / "network", folder)


@pytest.mark.parametrize("version", VERSIONS)
def test_every_case_fits_the_definitions(
    helms: dict[str, Helm], schemas: KubernetesSchemas, version: str
) -> None:
    """All of ci/, so that each meaningful combination is seen by the real definitions."""
    assert len(CASES) >= 6
    for case in CASES:
        text = helms["helm4"].render("network", [case, ALWAYS], kube_version=version).stdout
        wanted = [one for one in documents(text) if one["kind"] not in NO_SCHEMA]
        found = schemas.check_text(version, yaml.safe_dump_all(wanted))
        assert (case.name, found.faults) == (case.name, ())
        assert found.valid == len(wanted) > 0


class TestAddresses:
    """T8, F7."""

    VALUES = {
        "loadBalancer": {"pools": {"lan": {"addresses": ["192.168.1.2-192.168.1.9", "10.0.0.1", "fd00::1"]}}}
    }

    def test_a_pool_is_announced_and_named_by_release_and_namespace(self, render: Any) -> None:
        found = render(self.VALUES, release="one", namespace="a")
        pool, announcement = _one(found, "IPAddressPool"), _one(found, "L2Advertisement")
        assert pool["metadata"]["name"] == "one-network-lan.a"
        assert pool["metadata"]["namespace"] == announcement["metadata"]["namespace"] == "metallb-system"
        assert announcement["spec"]["ipAddressPools"] == [pool["metadata"]["name"]]

    def test_a_single_address_is_a_network_of_one(self, render: Any) -> None:
        addresses = _one(render(self.VALUES), "IPAddressPool")["spec"]["addresses"]
        assert addresses == ["192.168.1.2-192.168.1.9", "10.0.0.1/32", "fd00::1/128"]

    def test_false_is_not_unset(self, render: Any) -> None:
        values = {"loadBalancer": {"pools": {"lan": {"addresses": ["10.0.0.0/30"], "autoAssign": False}}}}
        assert _one(render(values), "IPAddressPool")["spec"]["autoAssign"] is False


class TestIssuers:
    """T11."""

    def test_http01_goes_through_the_plain_listener(self, render: Any) -> None:
        found = render(LETSENCRYPT, GATEWAY, PAGES)
        (solver,) = _one(found, "ClusterIssuer")["spec"]["acme"]["solvers"]
        (parent,) = solver["http01"]["gatewayHTTPRoute"]["parentRefs"]
        gateway = _one(found, "Gateway")
        assert (parent["name"], parent["namespace"]) == (
            gateway["metadata"]["name"],
            gateway["metadata"]["namespace"],
        )
        assert parent["sectionName"] == gateway["spec"]["listeners"][0]["name"] == "http"

    def test_http01_by_ingress_names_the_class_in_todays_way(self, render: Any) -> None:
        (solver,) = _one(render(LETSENCRYPT, INGRESS, PAGES), "ClusterIssuer")["spec"]["acme"]["solvers"]
        assert solver == {"http01": {"ingress": {"ingressClassName": "traefik"}}}

    def test_dns01_and_solvers_of_ones_own(self, render: Any) -> None:
        provider = {"cloudflare": {"apiTokenSecretRef": {"name": "dns", "key": "t"}}}
        own = [{"selector": {"dnsZones": ["example.org"]}, "dns01": provider}]
        for acme, wanted in (({"dns01": provider}, [{"dns01": provider}]), ({"solvers": own}, own)):
            found = render(GATEWAY, {"issuers": {"le": {"type": "acme", "acme": acme}}})
            assert _one(found, "ClusterIssuer")["spec"]["acme"]["solvers"] == wanted

    def test_a_ca_that_is_made_signs_itself_and_is_kept(self, render: Any) -> None:
        found = render({"issuers": {"lab": {"type": "ca", "ca": {"create": True}}}})
        root = _named(found, "ClusterIssuer", "platform-network-lab.platform-root")
        issuer = _named(found, "ClusterIssuer", "platform-network-lab.platform")
        certificate = _one(found, "Certificate")
        assert root["spec"] == {"selfSigned": {}}
        assert certificate["spec"]["issuerRef"]["name"] == root["metadata"]["name"]
        assert certificate["spec"]["isCA"] is True
        assert certificate["metadata"]["namespace"] == "cert-manager"
        assert certificate["metadata"]["annotations"]["helm.sh/resource-policy"] == "keep"
        assert issuer["spec"]["ca"]["secretName"] == certificate["spec"]["secretName"]

    def test_a_ca_of_ones_own(self, render: Any) -> None:
        values = {"issuers": {"lab": {"type": "ca", "kind": "Issuer", "ca": {"secretName": "own-ca"}}}}
        (issuer,) = render(values)
        assert issuer["kind"] == "Issuer"
        assert issuer["metadata"]["namespace"] == "platform"
        assert issuer["spec"] == {"ca": {"secretName": "own-ca"}}

    def test_an_issuer_that_is_none_is_refused(self, helm: Helm) -> None:
        said = helm.refusal("network", [ALWAYS, GATEWAY, PAGES, {"tls": {"issuer": "nobody"}}])
        assert 'network.tls.issuer is "nobody"' in said


class TestGateway:
    """T9, F14, F15."""

    def test_each_page_has_a_listener_certificate_and_route_of_its_own(self, render: Any) -> None:
        pages = {
            "pages": {**PAGES["pages"], "hub": {"host": "hub.lab.example.org", "service": "proxy-public"}}
        }
        found = render(LETSENCRYPT, GATEWAY, pages)
        listeners = {one["name"]: one for one in _one(found, "Gateway")["spec"]["listeners"]}
        assert listeners.keys() == {"http", "dask", "hub"}
        for name, host in (("dask", "dask.lab.example.org"), ("hub", "hub.lab.example.org")):
            (reference,) = listeners[name]["tls"]["certificateRefs"]
            certificate = _named(found, "Certificate", reference["name"])
            assert certificate["spec"]["dnsNames"] == [host] == [listeners[name]["hostname"]]
            route = _named(found, "HTTPRoute", f"platform-network-{name}")
            assert route["spec"]["parentRefs"][0]["sectionName"] == name
        backend = _named(found, "HTTPRoute", "platform-network-dask")["spec"]["rules"][0]["backendRefs"][0]
        assert backend == {"name": "platform-dask-scheduler", "port": 8787}

    def test_only_the_pages_namespaces_may_hang_routes_on_it(self, render: Any) -> None:
        plain, dask = _one(render(LETSENCRYPT, GATEWAY, PAGES), "Gateway")["spec"]["listeners"]
        (expression,) = plain["allowedRoutes"]["namespaces"]["selector"]["matchExpressions"]
        assert expression["values"] == ["platform", "vision"]
        assert dask["allowedRoutes"]["namespaces"]["selector"]["matchLabels"] == {
            "kubernetes.io/metadata.name": "vision"
        }

    def test_without_certificates_pages_are_plain(self, render: Any) -> None:
        found = render(GATEWAY, PAGES)
        (listener,) = _one(found, "Gateway")["spec"]["listeners"]
        (route,) = _kind(found, "HTTPRoute")
        assert route["spec"]["parentRefs"][0]["sectionName"] == listener["name"] == "http"

    def test_the_acme_path_comes_before_redirect_and_login(self, render: Any) -> None:
        """F14: beside the solver's route only the redirect is on the plain listener, and gives way to it."""
        found = render(LETSENCRYPT, GATEWAY, PAGES)
        on_http = [
            one for one in _kind(found, "HTTPRoute") if one["spec"]["parentRefs"][0]["sectionName"] == "http"
        ]
        (redirect,) = on_http
        solver: dict[str, Any] = {
            "hostnames": ["dask.lab.example.org"],
            "rules": [_rule("Exact", CHALLENGE, "solver")],
        }
        everyone = {"hostnames": redirect["spec"]["hostnames"], "rules": redirect["spec"]["rules"]}
        routes = [everyone, solver]
        assert _answer(routes, "dask.lab.example.org", CHALLENGE) == solver["rules"][0]
        for path in ("/", "/.well-known/acme-challenge", "/lab"):
            assert _answer(routes, "dask.lab.example.org", path) == redirect["spec"]["rules"][0]
        assert redirect["spec"]["rules"][0]["filters"][0]["requestRedirect"] == {
            "scheme": "https", "port": 443, "statusCode": 301,
        }  # fmt: skip

    def test_no_redirect_when_not_wanted(self, render: Any) -> None:
        found = render(LETSENCRYPT, GATEWAY, PAGES, {"tls": {"redirect": False}})
        assert [one["metadata"]["name"] for one in _kind(found, "HTTPRoute")] == ["platform-network-dask"]

    def test_a_certificate_of_ones_own_needs_no_issuer(self, render: Any) -> None:
        """F15."""
        found = render(GATEWAY, PAGES, {"tls": {"secretName": "lab-tls"}})
        assert not _kind(found, "Certificate")
        _, dask = _one(found, "Gateway")["spec"]["listeners"]
        assert dask["tls"]["certificateRefs"] == [{"name": "lab-tls"}]

    def test_a_gateway_that_is_there_is_left_alone(self, render: Any) -> None:
        existing = {"gateway": {"existing": {"name": "lab", "namespace": "gw", "section": "https"}}}
        found = render(LETSENCRYPT, GATEWAY, existing, PAGES)
        assert not _kind(found, "Gateway")
        assert not _kind(found, "Certificate")
        (route,) = _kind(found, "HTTPRoute")
        (parent,) = route["spec"]["parentRefs"]
        assert (parent["name"], parent["namespace"], parent["sectionName"]) == ("lab", "gw", "https")


def _rule(kind: str, path: str, name: str) -> dict[str, Any]:
    return {
        "matches": [{"path": {"type": kind, "value": path}}],
        "backendRefs": [{"name": name, "port": 8089}],
    }


def _answer(routes: list[dict[str, Any]], host: str, path: str) -> dict[str, Any] | None:
    """The rule that answers, by the order that the Gateway API's specification demands: host, then path."""
    found = []
    for route in routes:
        for name in route["hostnames"]:
            for rule in route["rules"] if name == host else ():
                match = rule["matches"][0]["path"]
                exact = match["type"] == "Exact"
                if path == match["value"] if exact else path.startswith(match["value"]):
                    found.append(((len(name), exact, len(match["value"])), rule))
    return max(found, key=lambda one: one[0])[1] if found else None


class TestIngress:
    """T9 for those who stay with Ingress."""

    def test_traefik_answers_on_both_entry_points(self, render: Any) -> None:
        found = render(LETSENCRYPT, INGRESS, PAGES)
        https = _named(found, "Ingress", "platform-network-dask")
        http = _named(found, "Ingress", "platform-network-dask-redirect")
        entry = "traefik.ingress.kubernetes.io/router.entrypoints"
        assert https["metadata"]["annotations"] == {entry: "websecure"}
        assert https["spec"]["tls"] == [
            {"hosts": ["dask.lab.example.org"], "secretName": "platform-network-dask-tls"}
        ]
        assert "tls" not in http["spec"]
        middleware = _one(found, "Middleware")["metadata"]
        assert http["metadata"]["annotations"] == {
            entry: "web",
            "traefik.ingress.kubernetes.io/router.middlewares": f"vision-{middleware['name']}@kubernetescrd",
        }
        assert middleware["namespace"] == http["metadata"]["namespace"] == "vision"

    def test_the_certificate_is_beside_the_ingress(self, render: Any) -> None:
        certificate = _one(render(LETSENCRYPT, INGRESS, PAGES), "Certificate")
        assert certificate["metadata"]["namespace"] == "vision"

    def test_nginx_redirects_by_an_annotation(self, render: Any) -> None:
        nginx = {"ingress": {"enabled": True, "className": "nginx", "redirect": "nginx"}}
        for redirect in (True, False):
            ingress = _one(render(LETSENCRYPT, nginx, PAGES, {"tls": {"redirect": redirect}}), "Ingress")
            key = "nginx.ingress.kubernetes.io/ssl-redirect"
            assert ingress["metadata"]["annotations"][key] == str(redirect).lower()
            assert ingress["spec"]["ingressClassName"] == "nginx"

    def test_it_does_without_custom_resources(self, template: Template) -> None:
        found = template("network", [{"global": {"customResources": "auto"}}, LETSENCRYPT, INGRESS, PAGES])
        assert {one["kind"] for one in found} == {"Ingress", "NetworkPolicy"}
        assert len(_kind(found, "Ingress")) == 1, "no redirect without the Middleware that makes it"

    def test_both_ways_share_a_certificate_where_they_meet(self, render: Any) -> None:
        here = {"pages": {"dask": {"namespace": "platform"}}}
        assert len(_kind(render(LETSENCRYPT, INGRESS, GATEWAY, PAGES, here), "Certificate")) == 1
        assert len(_kind(render(LETSENCRYPT, INGRESS, GATEWAY, PAGES), "Certificate")) == 2


class TestPolicies:
    def test_the_way_in_reaches_the_pods_of_this_release(self, render: Any) -> None:
        policy = _named(render(GATEWAY, PAGES), "NetworkPolicy", "platform-network-dask")
        assert policy["metadata"]["namespace"] == "vision"
        assert policy["spec"]["podSelector"]["matchLabels"] == {
            "app.kubernetes.io/name": "dask",
            "app.kubernetes.io/instance": "platform",
            "app.kubernetes.io/component": "scheduler",
        }
        assert policy["spec"]["ingress"][0]["ports"] == [{"protocol": "TCP", "port": 8787}]

    def test_pods_that_nobody_closed_off_stay_open(self, render: Any) -> None:
        page = {"pages": {"grafana": {"host": "g.lab.example.org", "service": "prometheus-grafana"}}}
        assert not _kind(render(GATEWAY, page), "NetworkPolicy")

    def test_the_acme_solver_is_reached_in_a_closed_namespace(self, render: Any) -> None:
        """F14."""
        found = render(LETSENCRYPT, INGRESS, PAGES)
        policy = _named(found, "NetworkPolicy", "platform-network-acme")
        assert policy["metadata"]["namespace"] == "vision"
        assert policy["spec"]["podSelector"]["matchLabels"] == {"acme.cert-manager.io/http01-solver": "true"}
        dns01: dict[str, Any] = {"issuers": {"le": {"acme": {"dns01": {"route53": {}}}}}}
        assert len(_kind(render(LETSENCRYPT, INGRESS, PAGES, dns01), "NetworkPolicy")) == 1


class TestIstio:
    """F14, F15 for Kubeflow behind Istio's own gateway."""

    ON = {"istio": {"enabled": True, "name": "kubeflow-gateway", "host": "kubeflow.lab.example.org"}}

    def test_the_certificate_is_beside_the_gateways_pods(self, render: Any) -> None:
        found = render(self.ON, {"tls": {"issuerRef": {"name": "company-ca"}}})
        gateway, certificate = _one(found, "Gateway"), _one(found, "Certificate")
        assert (gateway["metadata"]["namespace"], gateway["metadata"]["name"]) == (
            "kubeflow",
            "kubeflow-gateway",
        )
        http, https = gateway["spec"]["servers"]
        assert http["tls"] == {"httpsRedirect": True}
        assert https["tls"] == {"mode": "SIMPLE", "credentialName": certificate["spec"]["secretName"]}
        assert certificate["metadata"]["namespace"] == "istio-system"

    def test_a_secret_of_ones_own(self, render: Any) -> None:
        (gateway,) = render(self.ON, {"istio": {"tlsSecret": "kubeflow-tls"}})
        assert gateway["spec"]["servers"][1]["tls"]["credentialName"] == "kubeflow-tls"

    def test_without_certificates_it_is_plain_and_reachable(self, render: Any) -> None:
        (gateway,) = render(self.ON)
        (http,) = gateway["spec"]["servers"]
        assert "tls" not in http
