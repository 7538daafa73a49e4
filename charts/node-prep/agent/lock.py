"""One agent at a time on one machine; the kernel lets go of the lock when the process dies."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from agent.errors import Waiting


@contextlib.contextmanager
def only_agent(folder: Path) -> Iterator[None]:
    """Lock an existing directory, so that no lock file is written; Waiting when another agent has it."""
    while not folder.is_dir():
        folder = folder.parent
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Waiting("another agent is at work on this machine", reason="Locked") from None
        yield
    finally:
        os.close(descriptor)
