"""The one place that starts programs, so that tests can be a machine."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from agent.errors import CommandFailed

# Mount, UTS, IPC and network namespace of the host's init; not the PID namespace: the pod has hostPID.
NSENTER = ("nsenter", "-t", "1", "-m", "-u", "-i", "-n", "--")


@dataclass(frozen=True)
class Result:
    """What a finished program left behind. Code 127 means it is not there, 124 that it ran out of time."""

    argv: tuple[str, ...]
    code: int
    stdout: str
    stderr: str

    @property
    def ok(self) -> bool:
        """True when the program ended with 0."""
        return self.code == 0

    def failure(self) -> CommandFailed:
        """The error that tells what was run and what it printed."""
        said = (self.stderr or self.stdout).strip()[-2000:]
        return CommandFailed(f"`{shlex.join(self.argv)}` ended with {self.code}: {said or 'no output'}")


class CommandRunner(Protocol):
    """Runs a program to its end."""

    def run(self, argv: Sequence[str], *, stdin: str = "", timeout: float = 60.0) -> Result:
        """Run `argv` (timeout in seconds); never raises for a failing, missing or slow program."""
        ...


class SystemRunner:
    """Runs programs on this machine."""

    def run(self, argv: Sequence[str], *, stdin: str = "", timeout: float = 60.0) -> Result:
        """See CommandRunner.run."""
        command = tuple(argv)
        try:
            done = subprocess.run(
                command,
                input=stdin,
                timeout=timeout,
                capture_output=True,
                encoding="utf-8",
                errors="replace",
                check=False,
            )
        except FileNotFoundError:
            return Result(command, 127, "", f"{command[0]}: not found")
        except subprocess.TimeoutExpired:
            return Result(command, 124, "", f"did not finish within {timeout:g} s")
        return Result(command, done.returncode, done.stdout, done.stderr)
