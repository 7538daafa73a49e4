"""Programs that go on running after us, remembered in a way that survives us."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.errors import CommandError

OWNER = "LABHELM_LOCAL_CLUSTER"


@dataclass(frozen=True)
class Process:
    """A program we started. `started` (clock ticks since boot) tells it from a later one of the same pid."""

    name: str
    pid: int
    started: int
    log: str

    @property
    def alive(self) -> bool:
        """Whether it still runs; one that ended but was not reaped does not."""
        return _start_time(self.pid) == self.started

    @property
    def memory(self) -> int:
        """Resident memory in bytes; 0 when it does not run."""
        try:
            pages = Path(f"/proc/{self.pid}/statm").read_text().split()[1]
        except OSError:
            return 0
        return int(pages) * os.sysconf("SC_PAGE_SIZE") if self.alive else 0

    def log_tail(self, lines: int = 15) -> str:
        """The last lines of its log."""
        try:
            return "\n".join(Path(self.log).read_text(errors="replace").splitlines()[-lines:])
        except OSError:
            return ""


def spawn(name: str, argv: Sequence[str], log: Path, owner: Path) -> Process:
    """Start a program in a session of its own, so that the terminal's Ctrl-C does not reach it.

    It carries the folder of the cluster that owns it in its environment, where `strays` finds it.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        try:
            child = subprocess.Popen(
                argv,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                env={**os.environ, OWNER: str(owner)},
            )
        except OSError as error:
            raise CommandError(f"{name} does not start: {error}", command=" ".join(argv)) from error
    process = Process(name, child.pid, _start_time(child.pid) or 0, str(log))
    # It is meant to outlive this object, about which Popen would otherwise warn.
    child.returncode = 0
    return process


def strays(owner: Path) -> list[Process]:
    """The cluster's running programs, even those that a start was interrupted before remembering."""
    mark = f"{OWNER}={owner}".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            marked = mark in (folder / "environ").read_bytes().split(b"\0")
        except OSError:  # another user's, or ended meanwhile
            continue
        if marked and (started := _start_time(int(folder.name))) is not None:
            found.append(Process("stray", int(folder.name), started, ""))
    return found


def check_alive(processes: Iterable[Process]) -> None:
    """Raise CommandError with the log's tail when one of them has ended."""
    for process in processes:
        if not process.alive:
            raise CommandError(
                f"{process.name} of the local cluster has ended",
                command=process.name,
                output=process.log_tail(),
                hint=f"the whole log is {process.log}",
            )


def kill(processes: Iterable[Process], timeout: float = 10) -> None:
    """End them at once and wait until they are gone; those that have ended are no failure.

    No orderly end is asked for, because what they store is thrown away with them.
    """
    known = list(processes)
    ours = [process for process in known if process.alive]
    for process in ours:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)
    deadline = time.monotonic() + timeout
    while any(process.alive for process in ours):
        if time.monotonic() > deadline:
            left = ", ".join(f"{process.name} ({process.pid})" for process in ours if process.alive)
            raise CommandError(f"still running after {timeout:g} s: {left}", command="kill -9")
        time.sleep(0.02)
    for process in known:
        _reap(process.pid)


def _reap(pid: int) -> None:
    """Forget an ended child; one that another process started is that one's to reap."""
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)


def _start_time(pid: int) -> int | None:
    """From /proc, or None for a process that is not there or has ended."""
    try:
        # The name, in brackets, may hold spaces and brackets itself.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] in "ZX" else int(fields[19])
