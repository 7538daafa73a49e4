"""NET105: an http01 check that nothing can answer."""

from __future__ import annotations

from collections.abc import Iterator

from generator.profile.model import Profile
from generator.rules.base import Finding, Names


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding when Let's Encrypt is to ask a way in that is not there, or Istio's login."""
    network = profile.network
    tls = network.tls
    if tls is None or not tls.issuer.startswith("letsencrypt") or tls.challenge != "http01":
        return
    hint = "use challenge: dns01, or issuer: own-ca or self-signed"
    if network.ingress == "none" and network.gateway is None:
        way = (("network", "ingress"), "no way in")
        yield Finding(
            ("network", "tls", "issuer"),
            "http01 asks port 80 of the way in, and there is none",
            hint,
            related=(way,),
        )
    if profile.kubeflow and profile.kubeflow.entry == "istio":
        yield Finding(
            ("kubeflow", "entry"),
            "http01 is answered behind Istio's own gateway by Kubeflow's login, not by the solver",
            f"{hint}; or leave out entry, so that the platform's way in stands in front",
            related=((("network", "tls", "issuer"), "the issuer"),),
        )
