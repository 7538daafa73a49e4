"""KUB105: Kubeflow lets in more people than the profile names."""

from __future__ import annotations

from collections.abc import Iterator

from generator.profile.model import Profile
from generator.rules.base import Finding, Names, Path


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding for each list of users or groups that dex does not look at."""
    if profile.kubeflow is None or profile.auth is None:
        return
    for path in _unread(profile):
        yield Finding(
            path,
            "Kubeflow's login does not read this list: everybody whom the provider knows gets in",
            "let the provider itself admit only these people to the application, or use github.organizations",
            related=((("kubeflow",), "Kubeflow"),),
        )


def _unread(profile: Profile) -> Iterator[Path]:
    auth = profile.auth
    if auth and auth.allowed_users:
        yield ("auth", "allowedUsers")
    if auth and auth.ldap and auth.ldap.allowed_groups:
        yield ("auth", "ldap", "allowedGroups")
    if auth and auth.oidc and auth.oidc.allowed_groups:
        yield ("auth", "oidc", "allowedGroups")
