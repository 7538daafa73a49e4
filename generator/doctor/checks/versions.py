"""API server and kubelets are of the profile's version, as far as Kubernetes lets them differ."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.doctor.base import Finding, Wish, note
from generator.doctor.snapshot import Snapshot

_OLDEST_KUBELET = 3
"""Minor versions that a kubelet may be behind its API server. Source: kubernetes.io, "Version Skew"."""
_MINOR = re.compile(r"v?1\.(\d+)")


def look(wish: Wish, snapshot: Snapshot) -> Iterator[Finding]:
    """See base.Look."""
    server, wanted = _minor(snapshot.server_version), _minor(wish.profile.cluster.version)
    if server != wanted:
        yield Finding(
            "API server",
            f"is {snapshot.server_version}, the profile says {wish.profile.cluster.version}",
            ("kubectl", "version"),
            f'upgrade the cluster, or write cluster.version: "1.{server}" where that is supported',
        )
    for node in snapshot.all("nodes"):
        version = ((node.get("status") or {}).get("nodeInfo") or {}).get("kubeletVersion", "")
        behind = server - _minor(version)
        if not version or 0 <= behind <= _OLDEST_KUBELET:
            continue
        side = "newer than" if behind < 0 else f"more than {_OLDEST_KUBELET} minor versions older than"
        yield Finding(
            f"node {node['metadata']['name']}",
            f"its kubelet {version} is {side} the API server {snapshot.server_version}",
            ("kubectl", "get", "nodes"),
            "upgrade the API server first, then the kubelets",
        )
    yield note("", f"Kubernetes {snapshot.server_version}")


def _minor(version: str) -> int:
    match = _MINOR.match(version)
    return int(match[1]) if match else -1
