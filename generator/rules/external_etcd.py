"""CLU102: the etcd of the profile cannot be used as it is written."""

from __future__ import annotations

from collections.abc import Iterator

from generator.profile.model import Profile
from generator.rules.base import Finding, Names


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding for RKE2, for half a pair of certificate and key, and for certificates without TLS."""
    etcd, path = profile.cluster.etcd, ("cluster", "etcd")
    if etcd is None:
        return
    if profile.cluster.distribution == "rke2":
        yield Finding(path, "RKE2 runs its own etcd", "leave etcd out, or choose kubeadm or k3s", on_key=True)
    if (etcd.cert is None) != (etcd.key is None):
        there, missing = ("cert", "key") if etcd.key is None else ("key", "cert")
        yield Finding((*path, there), f"{there} needs its {missing}", f"add cluster.etcd.{missing}")
    if etcd.ca or etcd.cert or etcd.key:
        for index, url in enumerate(etcd.endpoints):
            if url.startswith("http://"):
                yield Finding((*path, "endpoints", index), "certificates need https", f"write https{url[4:]}")
