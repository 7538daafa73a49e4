"""Names, addresses for services, the way in, and certificates."""

from __future__ import annotations

from typing import Annotated, Literal

from generator.free_form import FreeForm
from generator.model import Model, doc
from generator.names import AddressRange, DnsLabel, DnsName
from generator.profile.secrets import SecretReference

LETSENCRYPT = ("letsencrypt-staging", "letsencrypt-production")


class Tls(Model):
    """Where certificates come from."""

    issuer: Annotated[
        Literal["letsencrypt-staging", "letsencrypt-production", "own-ca", "self-signed", "secret"],
        doc(
            "Issuer of the platform's certificates; `self-signed` makes a CA in the cluster, `own-ca` uses "
            "yours, `secret` takes one certificate that you made.",
            example="letsencrypt-staging",
        ),
    ]
    email: Annotated[
        str | None,
        doc(
            "Address for notices of Let's Encrypt.",
            example="admin@lab.example.org",
            pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$",
        ),
    ] = None
    challenge: Annotated[
        Literal["http01", "dns01"],
        doc("How Let's Encrypt checks the domain; http01 asks port 80 of the way in from the internet."),
    ] = "http01"
    dns01: Annotated[
        FreeForm,
        doc(
            "The DNS provider for dns01, as cert-manager writes it; it names Secrets, it holds none.",
            example={"cloudflare": {"apiTokenSecretRef": {"name": "dns-api", "key": "api-token"}}},
        ),
    ] = {}
    secret: Annotated[
        SecretReference | None,
        doc(
            "TLS Secret (`secret`), or CA Secret (`own-ca`, in cert-manager's namespace) that you made.",
            example={"name": "lab-tls"},
        ),
    ] = None


class GatewayReference(Model):
    """A Gateway that somebody else looks after."""

    name: Annotated[DnsName, doc("Its name.", example="lab")]
    namespace: Annotated[DnsLabel, doc("Its namespace.", example="gateway")]


class Page(Model):
    """A web page of the platform, or of a service of your own."""

    enabled: Annotated[
        bool | None,
        doc(
            "Publish it. Left out: yes, but not the Dask dashboard, which has no login.",
            example=True,
        ),
    ] = None
    host: Annotated[
        DnsName | None,
        doc(
            "Its host name; made from the page's name and `domain` when left out.", example="dask.example.org"
        ),
    ] = None
    service: Annotated[DnsName | None, doc("A Service of your own behind it.", example="mlflow")] = None
    port: Annotated[int | None, doc("Port of that Service.", example=5000, ge=1, le=65535)] = None
    team: Annotated[
        DnsLabel | None,
        doc("Team in whose namespace that Service is; the release's own when left out.", example="vision"),
    ] = None


class Network(Model):
    """How people reach the platform."""

    domain: Annotated[DnsName | None, doc("Domain of the platform's pages.", example="lab.example.org")] = (
        None
    )
    load_balancer: Annotated[
        list[AddressRange],
        doc("Addresses that MetalLB may give to services.", example=["192.168.11.100-192.168.11.120"]),
    ] = []
    dhcp: Annotated[
        list[AddressRange],
        doc(
            "Ranges that a DHCP server gives out, to be kept apart.",
            example=["192.168.11.150-192.168.11.250"],
        ),
    ] = []
    ingress: Annotated[
        Literal["traefik", "envoy-gateway", "ingress-nginx", "none"],
        doc("Way in for web pages; ingress-nginx was retired in 2026.", example="traefik"),
    ] = "traefik"
    api: Annotated[
        Literal["gateway", "ingress"] | None,
        doc(
            "Write pages as Gateway and HTTPRoutes or as Ingresses; left out: Gateway, for ingress-nginx "
            "Ingresses.",
            example="ingress",
        ),
    ] = None
    gateway: Annotated[
        GatewayReference | None,
        doc(
            "Hang the pages on this Gateway instead of making one; its certificates are its owner's.",
            example={"name": "lab", "namespace": "gateway"},
        ),
    ] = None
    pages: Annotated[
        dict[DnsLabel, Page],
        doc(
            "Changes to pages (`dask-dashboard`, `dask-notebook`, `jupyterhub`, `grafana`, `kubeflow`), and "
            "pages of your own.",
            example={"dask-dashboard": {"enabled": True}},
        ),
    ] = {}
    tls: Annotated[
        Tls | None, doc("Certificates; left out, pages are plain HTTP.", example={"issuer": "self-signed"})
    ] = None

    @property
    def uses_ingress(self) -> bool:
        """Whether pages become Ingresses rather than HTTPRoutes."""
        return (self.api or ("ingress" if self.ingress == "ingress-nginx" else "gateway")) == "ingress"
