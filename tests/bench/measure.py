"""Runs whole processes in turns and keeps what each cost: wall time, and CPU time of it and its children."""

from __future__ import annotations

import os
import shlex
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Contestant:
    """One program to measure; `before` runs unmeasured ahead of each run."""

    name: str
    argv: tuple[str, ...]
    cwd: Path
    before: Callable[[], None] = lambda: None


@dataclass(frozen=True)
class Cost:
    """Of one run, in seconds: wall time, and user and system CPU time together."""

    wall: float
    cpu: float


@dataclass(frozen=True)
class Spread:
    """Least, middle and greatest of several runs, in seconds."""

    least: float
    middle: float
    greatest: float


def spread(values: Sequence[float]) -> Spread:
    """The spread of at least one value."""
    return Spread(min(values), statistics.median(values), max(values))


def race(contestants: Sequence[Contestant], rounds: int, env: Mapping[str, str]) -> dict[str, list[Cost]]:
    """Run all in turns, so that a busy moment of the machine meets every one.

    One unmeasured round comes first and fills caches (pages, bytecode). Raises RuntimeError as `run` does.
    """
    costs: dict[str, list[Cost]] = {one.name: [] for one in contestants}
    for count in range(rounds + 1):
        for one in contestants:
            cost = run(one, env)
            if count:
                costs[one.name].append(cost)
    return costs


def run(contestant: Contestant, env: Mapping[str, str]) -> Cost:
    """Run it once. Raises RuntimeError with its output when it fails."""
    contestant.before()
    with tempfile.TemporaryFile() as output:
        started = time.perf_counter()
        pid = _start(contestant, env, output.fileno())
        _, status, usage = os.wait4(pid, 0)
        wall = time.perf_counter() - started
        if os.waitstatus_to_exitcode(status):
            output.seek(0)
            text = output.read().decode(errors="replace")
            raise RuntimeError(f"{shlex.join(contestant.argv)} failed:\n{text[-2000:]}")
    return Cost(wall, usage.ru_utime + usage.ru_stime)


def _start(contestant: Contestant, env: Mapping[str, str], output: int) -> int:
    """wait4 needs a child that nothing else waits for; posix_spawn knows no folder, `env -C` does."""
    argv = ("/usr/bin/env", "-C", str(contestant.cwd), *contestant.argv)
    actions = [(os.POSIX_SPAWN_DUP2, output, 1), (os.POSIX_SPAWN_DUP2, output, 2)]
    return os.posix_spawn(argv[0], argv, dict(env), file_actions=actions)
