"""One thing that is wanted of a machine.

A step looks (`inspect`, the only part that touches the machine) and decides (`plan`, a pure function of
what was seen). Its changes are actions (actions/), which know their own way there and back: apply, verify,
undo and recovery are the same for every step and stand once, in engine.py and transaction.py. Verify means
that `inspect` and `plan` find nothing left to do.

A new step: one file here, one line in steps/__init__.py, its settings, a fake machine it changes in
tests/unit/agent.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

from agent.actions.base import Action
from agent.actions.files import FileAction
from agent.filestate import ABSENT, FileState, directory, edited, look
from agent.host import Host
from agent.ports import Cluster
from agent.settings import Settings

OK, WARNING, FAILED = "ok", "warning", "failed"

FactsIn = TypeVar("FactsIn", contravariant=True)
Facts = TypeVar("Facts")


@dataclass(frozen=True)
class Finding:
    """Something to tell; `failed` makes the node's condition False."""

    level: str
    message: str


class Candidate(Protocol):
    """A configuration that its own program must accept before it replaces the old one."""

    def problem(self, host: Host, folder: str) -> str:
        """What is wrong with it; `folder` is a directory of the host to lay it out in."""
        ...


@dataclass(frozen=True)
class StepPlan:
    """What one step would do. With `refusal` nothing at all is changed on the machine."""

    actions: tuple[Action, ...] = ()
    findings: tuple[Finding, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    refusal: str = ""


@dataclass(frozen=True)
class View:
    """Where a step looks and what is wanted."""

    host: Host
    settings: Settings
    cluster: Cluster


class Step(Protocol[Facts]):
    """See the module's text."""

    @property
    def name(self) -> str:
        """In reports, metrics and the journal."""
        ...

    def inspect(self, view: View) -> Facts:
        """Look; change nothing."""
        ...

    def plan(self, facts: Facts) -> StepPlan:
        """Decide."""
        ...


AnyStep = Step[Any]


@dataclass(frozen=True)
class Place:
    """A file as found: its real path, its state, and the parents that are missing, outermost first."""

    path: str
    state: FileState
    missing: tuple[str, ...]

    @property
    def text(self) -> str:
        """The content; odd bytes survive a round trip."""
        return self.state.data.decode("utf-8", "surrogateescape")

    @property
    def ours(self) -> bool:
        """True when the agent wrote it."""
        return b"Labhelm node agent" in self.state.data[:300]


def find(host: Host, path: str) -> Place:
    """Look at one file; a link is followed, so that the link itself stays."""
    real = host.resolve(path)
    parents = [str(parent) for parent in Path(real).parents if not host.at(str(parent)).is_dir()]
    return Place(real, look(host, real), tuple(reversed(parents)))


def put(place: Place, text: str | None) -> tuple[Action, ...]:
    """The changes that give a file this content (None: remove it); none when it has it already."""
    before = place.state
    after = ABSENT if text is None else edited(before, text.encode("utf-8", "surrogateescape"))
    if after.same(before):
        return ()
    folders = (
        tuple(FileAction(path, ABSENT, directory()) for path in place.missing) if text is not None else ()
    )
    return (*folders, FileAction(place.path, before, after))
