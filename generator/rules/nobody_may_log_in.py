"""AUT102: the login lets nobody in."""

from __future__ import annotations

from collections.abc import Iterator

from generator.profile.auth import PROVIDERS, Auth
from generator.profile.model import Profile
from generator.rules.base import Finding, Names


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding when a provider knows people and none of them may log in."""
    auth = profile.auth
    if auth is None or auth.allow_all or auth.allowed_users or auth.admins:
        return
    provider = next((name for name in PROVIDERS if getattr(auth, name) is not None), "")
    if provider and not _groups(auth):
        yield Finding(
            ("auth", provider),
            "nobody may log in: since JupyterHub 5 the people to let in must be named",
            f"add {_HINTS[provider]} to {provider}, or allowedUsers or allowAll: true to auth",
            on_key=True,
        )


def _groups(auth: Auth) -> bool:
    return bool(
        (auth.ldap and (auth.ldap.allowed_groups or auth.ldap.admin_groups))
        or (auth.oidc and (auth.oidc.allowed_groups or auth.oidc.admin_groups))
        or (auth.github and auth.github.organizations)
        or (auth.google and auth.google.domains)
    )


_HINTS = {
    "ldap": "allowedGroups",
    "oidc": "allowedGroups",
    "github": "organizations",
    "google": "domains",
}
