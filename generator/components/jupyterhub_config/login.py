"""From a profile's `auth` section to the chart's `authentication`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.components.jupyterhub_config import authentication as chart
from generator.components.lean import lean
from generator.components.network.pages import host_of, is_on
from generator.profile.auth import endpoints_of

if TYPE_CHECKING:
    from generator.profile import auth
    from generator.profile.model import Profile
    from generator.profile.secrets import SecretKey

CALLBACK = "/hub/oauth_callback"
PAGE = "jupyterhub"


def authentication(profile: Profile) -> chart.Authentication:
    """Without `auth` nothing is set, and the hub refuses to start; a rule says so before."""
    wish = profile.auth
    if wish is None:
        return chart.Authentication()
    return chart.Authentication(
        allow_all=wish.allow_all,
        allowed_users=list(wish.allowed_users),
        admin_users=list(wish.admins),
        **_provider(wish, callback_url(profile)),
    )


def callback_url(profile: Profile) -> str:
    """Where a login service sends people back to; "" when the hub's page has no name."""
    host = host_of(profile, PAGE)
    scheme = "https" if profile.network.tls else "http"
    return f"{scheme}://{host}{CALLBACK}" if host and is_on(profile, PAGE) else ""


def _provider(wish: auth.Auth, callback: str) -> dict[str, Any]:
    if wish.ldap:
        return {"type": "ldap", "ldap": _ldap(wish.ldap)}
    if wish.oidc:
        return {"type": "oidc", "oidc": _oidc(wish.oidc, callback)}
    if wish.github:
        hub = _application(wish.github.client_id, wish.github.client_secret, callback)
        return {
            "type": "github",
            "github": chart.Github(organizations=list(wish.github.organizations), **hub),
        }
    if wish.google:
        hub = _application(wish.google.client_id, wish.google.client_secret, callback)
        return {"type": "google", "google": chart.Google(domains=list(wish.google.domains), **hub)}
    return {}


def _ldap(wish: auth.Ldap) -> chart.Ldap:
    return lean(
        chart.Ldap,
        server=wish.server,
        port=wish.port or 0,
        tls=wish.tls,
        ca=chart.CaFile(config_map=wish.ca.config_map, key=wish.ca.key) if wish.ca else chart.CaFile(),
        bind_dn_template=list(wish.bind_dn_template),
        search_base=wish.search_base or "",
        user_attribute=wish.user_attribute,
        search_user=wish.search_user or "",
        search_password=_secret(wish.search_password_secret),
        allowed_groups=list(wish.allowed_groups),
        admin_groups=list(wish.admin_groups),
        group_attributes=list(wish.group_attributes),
    )


def _oidc(wish: auth.Oidc, callback: str) -> chart.Oidc:
    """A provider whose addresses are not known is a rule's finding."""
    found = endpoints_of(wish)
    groups = ["groups"] if wish.provider_name in ("okta", "dex") else []
    return chart.Oidc(
        authorize_url=found.authorization_endpoint if found else "",
        token_url=found.token_endpoint if found else "",
        userdata_url=found.userinfo_endpoint if found else "",
        scopes=["openid", "profile", "email", *groups],
        username_claim=wish.username_claim,
        groups_claim=wish.groups_claim,
        allowed_groups=list(wish.allowed_groups),
        admin_groups=list(wish.admin_groups),
        **_application(wish.client_id, wish.client_secret, callback),
    )


def _application(client_id: str, secret: SecretKey, callback: str) -> dict[str, Any]:
    return {"client_id": client_id, "client_secret": _secret(secret), "callback_url": callback}


def _secret(wish: SecretKey | None) -> chart.SecretKey:
    return chart.SecretKey(name=wish.name, key=wish.key) if wish else chart.SecretKey()
