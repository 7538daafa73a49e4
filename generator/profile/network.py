"""Names, addresses for services, the way in, and certificates."""

from __future__ import annotations

from typing import Annotated, Literal

from generator.model import Model, doc
from generator.names import AddressRange, DnsName
from generator.profile.secrets import SecretReference


class Tls(Model):
    """Where certificates come from."""

    issuer: Annotated[
        Literal["letsencrypt-staging", "letsencrypt-production", "own-ca", "self-signed", "secret"],
        doc("Issuer of the platform's certificates.", example="letsencrypt-staging"),
    ]
    email: Annotated[
        str | None,
        doc(
            "Address for notices of Let's Encrypt.",
            example="admin@example.org",
            pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$",
        ),
    ] = None
    challenge: Annotated[Literal["http01", "dns01"], doc("How Let's Encrypt checks the domain.")] = "http01"
    secret: Annotated[
        SecretReference | None,
        doc("TLS Secret (`secret`) or CA Secret (`own-ca`) that you made.", example={"name": "lab-tls"}),
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
    tls: Annotated[
        Tls | None, doc("Certificates; left out, pages are plain HTTP.", example={"issuer": "self-signed"})
    ] = None
