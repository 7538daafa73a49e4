"""The ports on a machine that is in no cluster: before it joins, and in tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from agent.errors import Waiting
from agent.host import Host

# A kubelet with credentials has joined; whoever runs the agent by hand there skips the drain.
_JOINED = (
    "/etc/kubernetes/kubelet.conf",
    "/var/lib/rancher/k3s/agent/kubelet.kubeconfig",
    "/var/lib/rancher/rke2/agent/kubelet.kubeconfig",
)


class NoDrain:
    """Nothing runs here yet, so there is nothing to empty; refuses on a machine that has joined a cluster."""

    def __init__(self, host: Host, *, drained: bool = False) -> None:
        self._host = host
        self._drained = drained

    def start(self, transaction: str) -> None:
        """See ports.Drain.start."""
        del transaction
        found = [path for path in _JOINED if self._host.exists(path)]
        if found and not self._drained:
            raise Waiting(
                f"{found[0]} says that this machine is in a cluster: let the node-prep chart do this, "
                "or drain the node and repeat with --drained",
                reason="NotDrained",
            )

    def finish(self) -> None:
        """See ports.Drain.finish."""


class NoLease:
    """Nobody to share with: whoever prepares machines one by one is the lock."""

    def acquire(self) -> None:
        """See ports.Lease.acquire."""

    def phase(self, phase: str, reason: str = "") -> None:
        """See ports.Lease.phase."""

    def renew(self) -> None:
        """See ports.Lease.renew."""

    def release(self) -> None:
        """See ports.Lease.release."""


class NoCluster:
    """No node object."""

    joined = False

    def metadata(self) -> tuple[Mapping[str, str], Sequence[Mapping[str, Any]]]:
        """See ports.Cluster.metadata."""
        return {}, []

    def set_metadata(
        self, labels: Mapping[str, str | None], taints: Sequence[Mapping[str, Any]] | None
    ) -> None:
        """See ports.Cluster.set_metadata."""

    def wait_ready(self, seconds: float) -> str:
        """See ports.Cluster.wait_ready."""
        del seconds
        return ""

    def publish(self, ok: bool, reason: str, message: str, annotations: Mapping[str, str]) -> None:
        """See ports.Cluster.publish."""
