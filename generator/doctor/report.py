"""The outcome for people, as a table of at most 80 columns with the fixes below, and for programs."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from generator.doctor.base import UP, Finding, Outcome, State
from generator.doctor.examining import exit_code

if TYPE_CHECKING:
    from rich.table import Table

WIDTH = 80
_STYLES = {State.OK: "green", State.DIFFERENCE: "red", State.UNKNOWN: "yellow"}


@dataclass(frozen=True)
class Commands:
    """How one types commands for the cluster in question.

    `kubectl` replaces the word kubectl, `up` follows `labhelm up`, `helm` follows a command of helm's; None
    where helm cannot be called by hand.
    """

    kubectl: tuple[str, ...] = ("kubectl",)
    up: tuple[str, ...] = ()
    helm: tuple[str, ...] | None = ()

    def line(self, words: Sequence[str]) -> str:
        """A command, as it can be pasted into a shell; "" for none."""
        if tuple(words) == UP:
            return shlex.join([*UP, *self.up])
        if words[:1] == ("kubectl",):
            return shlex.join([*self.kubectl, *words[1:]])
        if words[:1] == ("helm",):
            return "" if self.helm is None else shlex.join([*words, *self.helm])
        return shlex.join(words)


def as_json(outcomes: Sequence[Outcome], commands: Commands) -> str:
    """All findings, notes included, with the exit code."""
    checks = [
        {
            "name": outcome.name,
            "state": outcome.state.value,
            "findings": [_finding(one, commands) for one in outcome.findings],
        }
        for outcome in outcomes
    ]
    return json.dumps({"exitCode": exit_code(outcomes), "checks": checks}, indent=2) + "\n"


def _finding(one: Finding, commands: Commands) -> dict[str, Any]:
    return {
        "subject": one.subject,
        "message": one.message,
        "state": one.state.value,
        "fix": commands.line(one.fix),
        "hint": one.hint,
    }


def show(outcomes: Sequence[Outcome], commands: Commands) -> None:
    """Print the table, and what to do below it."""
    from rich.console import Console

    console = Console(highlight=False, width=min(Console().width, WIDTH))
    console.print(_table(outcomes))
    for line in fix_lines(outcomes, commands):
        # Commands are for pasting: they are never broken, however long they are.
        console.print(line, soft_wrap=True, markup=False)


def fix_lines(outcomes: Sequence[Outcome], commands: Commands) -> Iterator[str]:
    """Each finding once, and below those that have it in common what to do about them."""
    todo = [one for outcome in outcomes for one in outcome.findings if one.state is not State.OK]
    groups: dict[tuple[str, str], dict[str, None]] = {}
    for one in todo:
        groups.setdefault((commands.line(one.fix), one.hint), {})[f"{one.subject} {one.message}"] = None
    for (line, hint), sentences in groups.items():
        yield from sentences
        yield from (f"    {text}" for text in (line, hint and f"({hint})") if text)


def _table(outcomes: Sequence[Outcome]) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in ("check", "result", "what"):
        table.add_column(column, overflow="fold")
    for outcome in outcomes:
        state = outcome.state
        table.add_row(outcome.name, Text(state.value, style=_STYLES[state]), _what(outcome))
    return table


def _what(outcome: Outcome) -> str:
    """How many things are to do, else the notes."""
    todo = [one for one in outcome.findings if one.state is not State.OK]
    if todo:
        first = f"{todo[0].subject} {todo[0].message}"
        return first if len(todo) == 1 else f"{first}; and {len(todo) - 1} more"
    return "; ".join(one.message for one in outcome.findings)
