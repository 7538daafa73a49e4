"""NET112: a Secret of certificates where nobody reads it."""

from __future__ import annotations

from collections.abc import Iterator

from generator.profile.model import Profile
from generator.rules.base import Finding, Names

CERT_MANAGER = "cert-manager"


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding for a namespace that is not the one in which the Secret is read."""
    tls = profile.network.tls
    if tls is None or tls.secret is None or tls.secret.namespace is None:
        return
    path = ("network", "tls", "secret", "namespace")
    if tls.issuer == "own-ca" and tls.secret.namespace != CERT_MANAGER:
        yield Finding(
            path,
            f"a CA's Secret is read in {CERT_MANAGER}, not in {tls.secret.namespace}",
            "leave out namespace, and make the Secret there",
        )
    if tls.issuer == "secret":
        yield Finding(
            path,
            f"the certificate is read beside the Gateway or the Ingress, not in {tls.secret.namespace}",
            "leave out namespace, and make the Secret where the release is",
        )
