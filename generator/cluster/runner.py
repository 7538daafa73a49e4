"""The one place that starts other programs, so that tests can record what would run."""

from __future__ import annotations

import os
import shlex
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from generator.errors import CommandError


@dataclass(frozen=True)
class Result:
    """What a finished program left behind; `seconds` is wall time."""

    argv: tuple[str, ...]
    code: int
    stdout: str
    stderr: str
    seconds: float = 0.0


class CommandRunner(Protocol):
    """Runs a program to its end and returns its output."""

    def run(
        self,
        argv: Sequence[str],
        *,
        stdin: str | None = None,
        env: Mapping[str, str] | None = None,
        cwd: str | None = None,
        timeout: float = 60.0,
        check: bool = True,
        hint: str = "",
    ) -> Result:
        """Run `argv`; `env` is added to ours, `timeout` is in seconds.

        Raises CommandError when the program is missing, runs out of time, or (with `check`) exits non-zero.
        """
        ...


class SystemRunner:
    """Runs programs on this machine."""

    def run(
        self,
        argv: Sequence[str],
        *,
        stdin: str | None = None,
        env: Mapping[str, str] | None = None,
        cwd: str | None = None,
        timeout: float = 60.0,
        check: bool = True,
        hint: str = "",
    ) -> Result:
        """See CommandRunner.run."""
        started = time.monotonic()
        command = shlex.join(argv)
        try:
            done = subprocess.run(
                list(argv),
                input=stdin,
                stdin=subprocess.DEVNULL if stdin is None else None,
                env={**os.environ, **(env or {})},
                cwd=cwd,
                timeout=timeout,
                capture_output=True,
                text=True,
                errors="replace",
                check=False,
            )
        except FileNotFoundError as error:
            raise CommandError(
                f"{argv[0]} was not found", command=command, hint=hint or "labhelm tools brings it"
            ) from error
        except subprocess.TimeoutExpired as error:
            raise CommandError(
                f"{argv[0]} did not finish within {timeout:g} s",
                command=command,
                output=_text(error),
                hint=hint,
            ) from error
        result = Result(tuple(argv), done.returncode, done.stdout, done.stderr, time.monotonic() - started)
        if check and result.code:
            raise CommandError(
                f"{argv[0]} failed with exit code {result.code}",
                command=command,
                output=result.stderr or result.stdout,
                hint=hint,
            )
        return result


@dataclass
class RecordingRunner:
    """A runner for tests: keeps every command, answers from `answer`."""

    answer: Callable[[tuple[str, ...]], Result] = lambda argv: Result(argv, 0, "", "")
    calls: list[tuple[str, ...]] = field(default_factory=list)

    def run(
        self,
        argv: Sequence[str],
        *,
        stdin: str | None = None,
        env: Mapping[str, str] | None = None,
        cwd: str | None = None,
        timeout: float = 60.0,
        check: bool = True,
        hint: str = "",
    ) -> Result:
        """Record `argv` and return the prepared answer."""
        del stdin, env, cwd, timeout
        self.calls.append(tuple(argv))
        result = self.answer(tuple(argv))
        if check and result.code:
            raise CommandError(
                f"{argv[0]} failed with exit code {result.code}",
                command=shlex.join(argv),
                output=result.stderr or result.stdout,
                hint=hint,
            )
        return result


def _text(error: subprocess.TimeoutExpired) -> str:
    raw = error.stderr or error.stdout or b""
    return raw if isinstance(raw, str) else raw.decode(errors="replace")
