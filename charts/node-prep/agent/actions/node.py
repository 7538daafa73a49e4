"""Labels and taints of the node object."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Callable

from agent.actions.base import Context, SimpleAction
from agent.errors import KubeError

CONFLICT = 409
CONFLICT_TRIES = 5


@dataclass(frozen=True)
class NodeMetadata(SimpleAction):
    """Labels to set (`before` has None for one that was not there) and taints to add, as API objects."""

    labels: Mapping[str, str]
    labels_before: Mapping[str, Any]
    taints: Sequence[Mapping[str, Any]] = field(default_factory=list)
    taints_replaced: Sequence[Mapping[str, Any]] = field(default_factory=list)
    kind = "node"

    def describe(self) -> str:
        """See Action.describe."""
        lines = [f"label {key}: {self.labels_before[key]} -> {value}" for key, value in self.labels.items()]
        lines += [f"taint {_name(taint)}" for taint in self.taints]
        return "\n".join(lines)

    def apply(self, context: Context) -> None:
        """One change for all of it; other taints stay."""
        _retried(lambda: self._apply(context))

    def revert(self, context: Context) -> None:
        """Only what still is as we set it: a later change by somebody else stays."""
        _retried(lambda: self._revert(context))

    def _apply(self, context: Context) -> None:
        ours = set(map(_key, self.taints))
        others = [item for item in context.cluster.metadata()[1] if _key(item) not in ours]
        context.cluster.set_metadata(dict(self.labels), [*others, *self.taints] if self.taints else None)

    def _revert(self, context: Context) -> None:
        labels, taints = context.cluster.metadata()
        back = {
            key: self.labels_before[key] for key, value in self.labels.items() if labels.get(key) == value
        }
        ours = {_name(taint) for taint in self.taints}
        left = [taint for taint in taints if _name(taint) not in ours]
        changed = len(left) != len(taints)
        if back or changed:
            present = set(map(_key, left))
            left += [taint for taint in self.taints_replaced if _key(taint) not in present]
            context.cluster.set_metadata(back, left if changed else None)


def _retried(change: Callable[[], None]) -> None:
    """The kubelet and the controllers write the node too; whoever is slower looks again."""
    for _ in range(CONFLICT_TRIES - 1):
        try:
            return change()
        except KubeError as error:
            if error.status != CONFLICT:
                raise
    return change()


def _key(taint: Mapping[str, Any]) -> tuple[str, str]:
    """A node has one taint per key and effect."""
    return str(taint["key"]), str(taint["effect"])


def _name(taint: Mapping[str, Any]) -> str:
    return f"{taint['key']}={taint.get('value', '')}:{taint['effect']}"
