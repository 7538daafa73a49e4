"""dex, Kubeflow's way to log in: its configuration, from the profile's `auth`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from generator.base.model import Values
from generator.profile.secrets import SecretKey

if TYPE_CHECKING:
    from generator.profile import auth
    from generator.profile.model import Profile

NAMESPACE = "auth"
SERVER = "http://dex.auth.svc.cluster.local:5556/dex"
"""The issuer, in three places: dex itself, oauth2-proxy, and Istio's check of tokens."""
CLIENT_SECRET = "dex-oidc-client"
CLIENT = "kubeflow-oidc-authservice"
_SECRET = "DEX_CONNECTOR_SECRET"


def configuration(profile: Profile) -> Values:
    """config.yaml; no static password, so that nobody has a known one."""
    return {
        "issuer": SERVER,
        "storage": {"type": "kubernetes", "config": {"inCluster": True}},
        "web": {"http": "0.0.0.0:5556"},
        "logger": {"level": "info", "format": "text"},
        "oauth2": {"skipApprovalScreen": True},
        "connectors": list(_connectors(profile)),
        "staticClients": [
            {
                "idEnv": "OIDC_CLIENT_ID",
                "secretEnv": "OIDC_CLIENT_SECRET",
                "redirectURIs": ["/oauth2/callback"],
                "name": "Kubeflow",
            }
        ],
    }


def environment(profile: Profile) -> list[Values]:
    """The connector's secret as a variable: the configuration only names it."""
    secret = _secret_of(profile.auth) if profile.auth else None
    if secret is None:
        return []
    reference = {"secretKeyRef": {"name": secret.name, "key": secret.key}}
    return [{"name": _SECRET, "valueFrom": reference}]


def _secret_of(wish: auth.Auth) -> SecretKey | None:
    if wish.ldap:
        return wish.ldap.search_password_secret
    application = wish.oidc or wish.github or wish.google
    return application.client_secret if application else None


def _connectors(profile: Profile) -> Iterator[Values]:
    """One for the profile's provider; none where it only lists users."""
    wish = profile.auth
    if wish is None:
        return
    if wish.ldap:
        yield {"type": "ldap", "id": "ldap", "name": "LDAP", "config": _ldap(wish.ldap)}
    callback = f"https://kubeflow.{profile.network.domain}/dex/callback"
    common = {"clientSecret": f"${_SECRET}", "redirectURI": callback}
    if wish.github:
        config = {**common, "clientID": wish.github.client_id, **_github(wish.github)}
        yield {"type": "github", "id": "github", "name": "GitHub", "config": config}
    if wish.google:
        config = {**common, "clientID": wish.google.client_id, "hostedDomains": list(wish.google.domains)}
        yield {"type": "google", "id": "google", "name": "Google", "config": config}
    if wish.oidc:
        config = {**common, "clientID": wish.oidc.client_id, "issuer": wish.oidc.issuer, "getUserInfo": True}
        yield {"type": "oidc", "id": "oidc", "name": "Single sign-on", "config": config}


def _github(wish: auth.Github) -> Values:
    """`organization:team` in the profile is an organization with its teams in dex."""
    organizations: dict[str, list[str]] = {}
    for entry in wish.organizations:
        name, _, team = entry.partition(":")
        organizations.setdefault(name, []).extend([team] if team else [])
    found = [{"name": name, **({"teams": teams} if teams else {})} for name, teams in organizations.items()]
    return {"orgs": found, "teamNameField": "slug"}


def _ldap(wish: auth.Ldap) -> Values:
    """dex searches; where the profile only has a template of names, the part after the name is searched."""
    template = wish.bind_dn_template[0] if wish.bind_dn_template else ""
    base = wish.search_base or template.partition(",")[2]
    port = wish.port or (636 if wish.tls == "on-connect" else 389)
    reader = {"bindDN": wish.search_user, "bindPW": f"${_SECRET}"} if wish.search_user else {}
    return {
        "host": f"{wish.server}:{port}",
        "insecureNoSSL": wish.tls == "insecure",
        "startTLS": wish.tls == "before-bind",
        **reader,
        "userSearch": {
            "baseDN": base,
            "filter": "(objectClass=person)",
            "username": wish.user_attribute,
            "idAttr": "DN",
            "emailAttr": "mail",
            "nameAttr": "cn",
        },
    }
