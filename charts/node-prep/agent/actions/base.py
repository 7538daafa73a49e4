"""What a change is: data with a way there and a way back.

Both ways look first and do only what is missing: after a crash nobody knows how far the last run came.
A new kind of change: one class here, one line in actions/__init__.py, one test in test_faults.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Callable, Protocol

from agent.host import Host
from agent.ports import Cluster

Content = Callable[[str], bytes]


@dataclass(frozen=True)
class Context:
    """What an action acts on; `transaction` names the temporary files it makes."""

    host: Host
    cluster: Cluster
    transaction: str


class Action(Protocol):
    """One change. Frozen; its JSON form stands in the journal before it is made."""

    @property
    def kind(self) -> str:
        """Its name in actions.ACTIONS."""
        ...

    @property
    def disruptive(self) -> bool:
        """True when running containers may notice, so that the node is drained before."""
        ...

    def describe(self) -> str:
        """A line or a diff for a person."""
        ...

    def apply(self, context: Context) -> None:
        """Make the change."""
        ...

    def revert(self, context: Context) -> None:
        """Restore what was before; nothing to do is fine."""
        ...

    def settle(self, context: Context) -> None:
        """Forget the quick way back, after the commit."""
        ...

    def conflict(self, context: Context) -> str:
        """Why undo would destroy somebody else's later change; empty when it would not."""
        ...

    def contents(self) -> Mapping[str, bytes]:
        """Contents by hash, to be kept in the backup."""
        ...

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        ...

    @classmethod
    def from_json(cls, value: Mapping[str, Any], content: Content) -> Action:
        """The opposite of to_json."""
        ...


class SimpleAction:
    """Defaults for an action whose fields are plain values."""

    @property
    def disruptive(self) -> bool:
        """See Action.disruptive."""
        return False

    def settle(self, context: Context) -> None:
        """See Action.settle."""

    def conflict(self, context: Context) -> str:
        """See Action.conflict."""
        del context
        return ""

    def contents(self) -> Mapping[str, bytes]:
        """See Action.contents."""
        return {}

    def to_json(self) -> dict[str, Any]:
        """See Action.to_json."""
        return dict(vars(self))

    @classmethod
    def from_json(cls, value: Mapping[str, Any], content: Content) -> Any:
        """See Action.from_json; JSON lists become the tuples they were."""
        del content
        return cls(**{key: tuple(item) if isinstance(item, list) else item for key, item in value.items()})
