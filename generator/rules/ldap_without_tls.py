"""AUT101: passwords go to the directory in clear text."""

from __future__ import annotations

from collections.abc import Iterator

from generator.profile.model import Profile
from generator.rules.base import Finding, Names


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding when the directory is asked without TLS."""
    ldap = profile.auth.ldap if profile.auth else None
    if ldap and ldap.tls == "insecure":
        yield Finding(
            ("auth", "ldap", "tls"),
            f"everybody's password goes to {ldap.server} in clear text",
            "leave tls out (StartTLS) or write on-connect (ldaps); ca names who signed its certificate",
        )
