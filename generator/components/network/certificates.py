"""Values for issuers and certificates of cert-manager."""

from __future__ import annotations

from typing import Annotated, Literal

from generator.components.fields import Raw
from generator.model import Model, doc

IssuerKind = Literal["ClusterIssuer", "Issuer"]


class Acme(Model):
    """An ACME server such as Let's Encrypt, and how it checks a domain."""

    server: Annotated[
        str, doc("Directory of the server.", example="https://acme-v02.api.letsencrypt.org/directory")
    ] = "https://acme-staging-v02.api.letsencrypt.org/directory"
    email: Annotated[str, doc('Address for its notices; "" for none.', example="admin@lab.example.org")] = ""
    account_secret: Annotated[
        str,
        doc('Secret that cert-manager keeps the account\'s key in; "" makes a name.', example="acme-account"),
    ] = ""
    dns01: Annotated[
        Raw,
        doc(
            "DNS provider, as cert-manager writes it; with one, the check is dns01, else http01 through the "
            "way in of this chart.",
            example={"cloudflare": {"apiTokenSecretRef": {"name": "dns-api", "key": "api-token"}}},
        ),
    ] = {}
    solvers: Annotated[
        list[Raw],
        doc(
            "Solvers as cert-manager writes them, instead of the one that is made.",
            example=[{"http01": {"ingress": {"ingressClassName": "internal"}}}],
        ),
    ] = []


class Ca(Model):
    """A CA of your own. Its Secret holds tls.crt and tls.key."""

    secret_name: Annotated[str, doc('Secret of the CA; "" makes a name.', example="lab-ca")] = ""
    create: Annotated[bool, doc("Let cert-manager make the CA, self-signed, and keep it in that Secret.")] = (
        False
    )
    duration: Annotated[
        str, doc("How long a CA that is made is valid.", example="43800h", pattern=r"^\d+h$")
    ] = "87600h"


class Issuer(Model):
    """One issuer, of the kind that `type` names."""

    type: Annotated[
        Literal["acme", "ca", "self-signed"], doc("What makes the certificates.", example="self-signed")
    ]
    name: Annotated[str, doc('Name of the object; "" makes one from the release.', example="letsencrypt")] = (
        ""
    )
    kind: Annotated[IssuerKind, doc("For the whole cluster, or for the namespace of this chart only.")] = (
        "ClusterIssuer"
    )
    acme: Annotated[Acme, doc("For type acme.")] = Acme()
    ca: Annotated[Ca, doc("For type ca.")] = Ca()


class IssuerRef(Model):
    """An issuer that is there already."""

    name: Annotated[str, doc('Its name; "" for none.', example="company-ca")] = ""
    kind: Annotated[IssuerKind, doc("Its kind.")] = "ClusterIssuer"


class Tls(Model):
    """Certificates of the pages. Without issuer and Secret, pages are plain HTTP."""

    issuer: Annotated[
        str, doc('Key in `issuers`: each page gets a certificate of it; "" for none.', example="letsencrypt")
    ] = ""
    issuer_ref: Annotated[IssuerRef, doc("An issuer that is there already, instead.")] = IssuerRef()
    secret_name: Annotated[
        str,
        doc(
            "TLS Secret that you made for all pages, instead. It is beside the Gateway, or beside each "
            "Ingress.",
            example="lab-tls",
        ),
    ] = ""
    duration: Annotated[
        str,
        doc(
            'How long a certificate is valid; "" for the issuer\'s way.',
            example="2160h",
            pattern=r"^(\d+h)?$",
        ),
    ] = ""
    redirect: Annotated[
        bool, doc("Send http to https. What an ACME server asks for on port 80 is answered all the same.")
    ] = True
