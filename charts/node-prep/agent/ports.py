"""What the agent needs of a cluster, as Protocols; kube/ has them over the API, standalone.py without one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol


class Drain(Protocol):
    """Empties the node before a change that running containers would notice."""

    def start(self, transaction: str) -> None:
        """Cordon and evict; whatever it raises (Waiting when time is up), the node is uncordoned before."""
        ...

    def finish(self) -> None:
        """Uncordon, if the cordon is ours."""
        ...


class Lease(Protocol):
    """At most N nodes change at a time."""

    def acquire(self) -> None:
        """Take or keep a slot; raises Waiting when all are taken."""
        ...

    def phase(self, phase: str, reason: str = "") -> None:
        """Tell what the holder does; with "changing" and "failed" the slot does not run out."""
        ...

    def renew(self) -> None:
        """Show that the holder is alive."""
        ...

    def release(self) -> None:
        """Give the slot back, unless another holds it by now."""
        ...


class Cluster(Protocol):
    """The node object and what hangs on it."""

    @property
    def joined(self) -> bool:
        """False where there is no cluster: labels, conditions and drains do not apply."""
        ...

    def metadata(self) -> tuple[Mapping[str, str], Sequence[Mapping[str, Any]]]:
        """Labels and taints of the node."""
        ...

    def set_metadata(
        self, labels: Mapping[str, str | None], taints: Sequence[Mapping[str, Any]] | None
    ) -> None:
        """Change labels (None removes one) and, unless None, replace the taints that metadata() returned.

        KubeError with status 409 when somebody changed the node in between.
        """
        ...

    def wait_ready(self, seconds: float) -> str:
        """Why the node is not Ready after `seconds`; empty when it is."""
        ...

    def publish(self, ok: bool, reason: str, message: str, annotations: Mapping[str, str]) -> None:
        """Set the condition NodePrepared and the annotations; an event tells of a change."""
        ...
