"""HUB101: JupyterHub without a login."""

from __future__ import annotations

from collections.abc import Iterator

from generator.profile.auth import PROVIDERS
from generator.profile.model import Profile
from generator.rules.base import Finding, Names


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding when no provider says who a user is."""
    auth = profile.auth
    if profile.jupyterhub and not (auth and any(getattr(auth, name) for name in PROVIDERS)):
        yield Finding(
            ("jupyterhub",),
            "JupyterHub does not know who may log in",
            "add auth with ldap, oidc, github or google",
            on_key=True,
        )
