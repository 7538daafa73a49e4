"""Who may log in, and where that is decided."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from generator.model import Model, doc
from generator.names import DnsName, HostName
from generator.profile.secrets import SecretKey


class CaFile(Model):
    """Certificates that a server's own certificate must come from; no secret, hence a ConfigMap."""

    config_map: Annotated[DnsName, doc("ConfigMap that holds them.", example="nas-ca")]
    key: Annotated[str, doc("Key in it.", example="ca.crt", pattern=r"^[-._a-zA-Z0-9]+$")] = "ca.crt"


class Ldap(Model):
    """An LDAP directory, for example on the NAS."""

    server: Annotated[HostName, doc("Server.", example="nas.lab.example.org")]
    port: Annotated[
        int | None, doc("Port; 389, or 636 with tls: on-connect, when left out.", example=389, ge=1, le=65535)
    ] = None
    tls: Annotated[
        Literal["before-bind", "on-connect", "insecure"],
        doc("When TLS starts; insecure sends passwords in clear text."),
    ] = "before-bind"
    ca: Annotated[
        CaFile | None,
        doc(
            "Who signed the server's certificate, where it is no public authority.",
            example={"configMap": "nas-ca"},
        ),
    ] = None
    bind_dn_template: Annotated[
        list[str],
        doc(
            "Where users are, tried in order.",
            alias="bindDNTemplate",
            example=["uid={username},cn=users,dc=example,dc=org"],
        ),
    ] = []
    search_base: Annotated[
        str | None, doc("Search users below this entry instead.", example="cn=users,dc=example,dc=org")
    ] = None
    user_attribute: Annotated[str, doc("Attribute with the login name.", example="uid")] = "uid"
    search_user: Annotated[
        str | None, doc("Entry that may search.", example="cn=reader,dc=example,dc=org")
    ] = None
    search_password_secret: Annotated[
        SecretKey | None, doc("Its password.", example={"name": "ldap-reader", "key": "password"})
    ] = None
    allowed_groups: Annotated[
        list[str],
        doc("Only members of these groups may log in.", example=["cn=ml,cn=groups,dc=example,dc=org"]),
    ] = []
    admin_groups: Annotated[
        list[str],
        doc(
            "Members may log in and are administrators of JupyterHub.",
            example=["cn=admins,cn=groups,dc=example,dc=org"],
        ),
    ] = []
    group_attributes: Annotated[
        list[str],
        doc("Attributes with a group's members; each must be in the directory's schema.", example=["member"]),
    ] = ["member", "uniqueMember", "memberUid"]

    @model_validator(mode="after")
    def _users_can_be_found(self) -> Self:
        if not self.bind_dn_template and self.search_base is None:
            raise PydanticCustomError(
                "S005", "users cannot be found", {"hint": "add bindDNTemplate (a list) or searchBase"}
            )
        return self


_HTTPS = r"^https://[^\s]+$"
_ISSUER_SIGNS = {"keycloak": r"/realms/[^/]+/?$", "okta": r"/oauth2/[^/]+/?$", "dex": r"/dex/?$"}
_ENDPOINTS = {
    "keycloak": [f"protocol/openid-connect/{name}" for name in ("auth", "token", "userinfo")],
    "okta": ["v1/authorize", "v1/token", "v1/userinfo"],
    "dex": ["auth", "token", "userinfo"],
}
"""Below the issuer: pages for login, tokens and claims, as each product documents them."""


class _OAuth(Model):
    client_id: Annotated[
        str, doc("Client ID of the registered application.", example="labhelm", min_length=1)
    ]
    client_secret: Annotated[SecretKey, doc("Its secret.", example={"name": "oauth", "key": "client-secret"})]


class Endpoints(Model):
    """Where an OpenID Connect provider answers; its `.well-known/openid-configuration` says so."""

    authorization_endpoint: Annotated[
        str, doc("Page for the login.", example="https://id.example.org/auth", pattern=_HTTPS)
    ]
    token_endpoint: Annotated[str, doc("Tokens.", example="https://id.example.org/token", pattern=_HTTPS)]
    userinfo_endpoint: Annotated[
        str, doc("Claims of a user.", example="https://id.example.org/userinfo", pattern=_HTTPS)
    ]


class Oidc(_OAuth):
    """An OpenID Connect provider: Okta, Keycloak, dex."""

    issuer: Annotated[str, doc("Issuer URL.", example="https://login.example.org/realms/lab", pattern=_HTTPS)]
    provider: Annotated[
        Literal["keycloak", "okta", "dex"] | None,
        doc("Product; known from the issuer's URL where that has its usual form.", example="keycloak"),
    ] = None
    endpoints: Annotated[
        Endpoints | None,
        doc(
            "Addresses of any other product.",
            example={
                "authorizationEndpoint": "https://id.example.org/auth",
                "tokenEndpoint": "https://id.example.org/token",
                "userinfoEndpoint": "https://id.example.org/userinfo",
            },
        ),
    ] = None
    username_claim: Annotated[str, doc("Claim with the login name.", example="preferred_username")] = (
        "preferred_username"
    )
    groups_claim: Annotated[str, doc("Claim with the groups.", example="groups")] = "groups"
    allowed_groups: Annotated[list[str], doc("Only members of these groups may log in.", example=["ml"])] = []
    admin_groups: Annotated[
        list[str],
        doc("Members may log in and are administrators of JupyterHub.", example=["platform"]),
    ] = []

    @property
    def provider_name(self) -> str:
        """The product: as written, else as its issuer's URL tells; "" when it does not."""
        if self.provider:
            return self.provider
        return next((name for name, sign in _ISSUER_SIGNS.items() if re.search(sign, self.issuer)), "")


def endpoints_of(oidc: Oidc) -> Endpoints | None:
    """Where the provider answers; None when neither `endpoints` nor the product says so."""
    paths = _ENDPOINTS.get(oidc.provider_name)
    if oidc.endpoints or paths is None:
        return oidc.endpoints
    authorize, token, userinfo = (f"{oidc.issuer.rstrip('/')}/{path}" for path in paths)
    return Endpoints(authorization_endpoint=authorize, token_endpoint=token, userinfo_endpoint=userinfo)


class Github(_OAuth):
    """GitHub accounts."""

    organizations: Annotated[
        list[str],
        doc("Organizations, or organization:team, whose members may log in.", example=["example:ml"]),
    ] = []


class Google(_OAuth):
    """Google accounts."""

    domains: Annotated[list[DnsName], doc("Domains whose accounts may log in.", example=["example.org"])] = []


_CLIENT = {"clientId": "lab", "clientSecret": {"name": "oauth", "key": "client-secret"}}

PROVIDERS = ("ldap", "oidc", "github", "google")


class Auth(Model):
    """One provider, and who is an administrator."""

    ldap: Annotated[
        Ldap | None, doc("LDAP.", example={"server": "nas", "searchBase": "dc=example,dc=org"})
    ] = None
    oidc: Annotated[
        Oidc | None, doc("OpenID Connect.", example={"issuer": "https://login.example.org", **_CLIENT})
    ] = None
    github: Annotated[Github | None, doc("GitHub.", example={"organizations": ["example"], **_CLIENT})] = None
    google: Annotated[Google | None, doc("Google.", example={"domains": ["example.org"], **_CLIENT})] = None
    allowed_users: Annotated[
        list[str], doc("Users who may log in, besides the groups.", example=["ada"])
    ] = []
    allow_all: Annotated[
        bool,
        doc("Everyone whom the provider knows may log in; for a directory of the team's own.", example=True),
    ] = False
    admins: Annotated[list[str], doc("Administrators of JupyterHub.", example=["ada"])] = []

    @model_validator(mode="after")
    def _one_provider(self) -> Self:
        given = [name for name in PROVIDERS if getattr(self, name) is not None]
        if len(given) > 1:
            raise PydanticCustomError(
                "S005",
                "auth has {keys}; one provider is allowed",
                {"keys": " and ".join(given), "hint": "an OIDC provider such as dex can join several"},
            )
        return self
