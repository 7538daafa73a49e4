"""AUT104: it is not known where the OpenID Connect provider answers."""

from __future__ import annotations

from collections.abc import Iterator

from generator.profile.auth import endpoints_of
from generator.profile.model import Profile
from generator.rules.base import Finding, Names


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding when neither the issuer's URL nor the profile tells the provider's addresses."""
    oidc = profile.auth.oidc if profile.auth else None
    if oidc and profile.jupyterhub and endpoints_of(oidc) is None:
        yield Finding(
            ("auth", "oidc", "issuer"),
            "JupyterHub needs the provider's addresses, and this issuer does not tell its product",
            "add provider: keycloak, okta or dex; for any other product endpoints, as its"
            " .well-known/openid-configuration names them",
        )
