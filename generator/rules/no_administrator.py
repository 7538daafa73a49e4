"""AUT105: JupyterHub has no administrator."""

from __future__ import annotations

from collections.abc import Iterator

from generator.profile.model import Profile
from generator.rules.base import Finding, Names


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding when nobody may stop the notebooks of others."""
    auth = profile.auth
    if auth is None or profile.jupyterhub is None or auth.admins:
        return
    if not any(one and one.admin_groups for one in (auth.ldap, auth.oidc)):
        yield Finding(
            ("auth",),
            "JupyterHub has no administrator: nobody could stop the notebooks of others",
            "add admins, or adminGroups to ldap or oidc",
            on_key=True,
        )
