"""What is run on a machine: its script, sent along on standard input; nothing is left there afterwards."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from generator.output.render import render

UNIT = "labhelm-machine"
"""The unit in which changes run. There is one at most, so two runs never change a machine at once."""

_AS_ROOT = (
    'export LC_ALL=C; [ "$(id -u)" != 0 ] || exec sh -c "$0"; '
    'exec sudo -n env SSH_CONNECTION="${SSH_CONNECTION:-}" sh -c "$0"'
)


@dataclass(frozen=True)
class Task:
    """Calls of a machine's script, one after the other as long as they succeed.

    `payload` is what the script reads from standard input. A task that `goes_on` has one call, and the
    machine finishes it when the connection ends before.
    """

    calls: tuple[tuple[str, ...], ...]
    payload: str = ""
    goes_on: bool = False


def task(*words: str, payload: str = "", goes_on: bool = False) -> Task:
    """A task of one call."""
    return Task((words,), payload, goes_on)


def remote_text(name: str, script: str, work: Task) -> str:
    """What a shell of root runs on the machine."""
    return render(
        "machines/remote.sh.j2",
        unit=UNIT,
        name=name,
        size=len(script.encode()),
        calls=[shlex.join(words) for words in work.calls],
        goes_on=work.goes_on,
    )


def remote_command(text: str) -> str:
    """One word for a login shell of any kind: `text` by sh, as root; with sudo when somebody else logs in."""
    return _words("exec", "sh", "-c", _AS_ROOT, text)


def _words(*words: str) -> str:
    return " ".join(shlex.quote(word) for word in words)


def shown(name: str, calls: Sequence[Sequence[str]]) -> str:
    """The calls as somebody on that machine would write them."""
    return "; ".join(shlex.join(["sh", f"{name}.sh", *words]) for words in calls)
