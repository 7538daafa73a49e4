# ruff: noqa: PTH101, PTH102, PTH104, PTH106, PTH108, PTH211
# System calls one by one, on purpose: each is a point of failure.
"""Durable changes to files: every primitive operation of the agent goes through here.

Each operation calls `trace` before and after it happens. Tests use that to kill the agent at every single
point, to fill the disk, and to check the order of fsync and rename.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

Trace = Callable[[str, str], None]


def _silent(_operation: str, _path: str) -> None:
    """The trace outside tests."""


class Disk:
    """Writes, renames and removes, each made durable before it returns."""

    def __init__(self, trace: Trace = _silent, *, sync: bool = True) -> None:
        self._trace = trace
        self._sync = sync

    @contextlib.contextmanager
    def point(self, operation: str, path: str) -> Iterator[None]:
        """One operation: a fault can strike right before it and right after it."""
        self._trace(f"before {operation}", path)
        yield
        self._trace(f"after {operation}", path)

    def write(self, path: Path, data: bytes, mode: int, owner: tuple[int, int] | None = None) -> None:
        """Create or overwrite `path` itself (not atomic: for temporary and new files) and fsync it."""
        with self.point("write", str(path)):
            # 0600 until the content is there: a secret must not be readable in between.
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
            try:
                _write_all(descriptor, data)
                if owner is not None:
                    os.fchown(descriptor, *owner)
                os.fchmod(descriptor, mode)
            finally:
                os.close(descriptor)
        self.sync(path)

    def append(self, path: Path, data: bytes) -> None:
        """Append and fsync."""
        with self.point("append", str(path)):
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                _write_all(descriptor, data)
            finally:
                os.close(descriptor)
        self.sync(path)

    def truncate(self, path: Path, size: int) -> None:
        """Cut a file to `size` bytes."""
        with self.point("truncate", str(path)):
            os.truncate(path, size)
        self.sync(path)

    def rename(self, source: Path, target: Path) -> None:
        """Atomically replace `target`."""
        with self.point("rename", str(target)):
            os.rename(source, target)
        self.sync(target.parent)

    def link(self, source: Path, target: Path) -> None:
        """Give `source` a second name: keeps the old file without needing space for it."""
        with self.point("link", str(target)):
            os.link(source, target, follow_symlinks=False)
        self.sync(target.parent)

    def symlink(self, target: str, path: Path) -> None:
        """Create a symbolic link."""
        with self.point("symlink", str(path)):
            os.symlink(target, path)
        self.sync(path.parent)

    def mkdir(self, path: Path, mode: int = 0o755) -> None:
        """Create one directory with exactly `mode`."""
        with self.point("mkdir", str(path)):
            os.mkdir(path, mode)
            os.chmod(path, mode)
        self.sync(path.parent)

    def makedirs(self, path: Path, mode: int = 0o755) -> None:
        """Create a directory and its missing parents."""
        missing = [folder for folder in (path, *path.parents) if not folder.exists()]
        for folder in reversed(missing):
            self.mkdir(folder, mode)

    def unlink(self, path: Path) -> None:
        """Remove a file if it is there."""
        if not os.path.lexists(path):
            return
        with self.point("unlink", str(path)):
            os.unlink(path)
        self.sync(path.parent)

    def rmdir(self, path: Path) -> None:
        """Remove an empty directory; one that holds somebody else's files stays, and so does a mount point."""
        if not path.is_dir() or path.is_symlink() or path.is_mount() or any(path.iterdir()):
            return
        with self.point("rmdir", str(path)):
            os.rmdir(path)
        self.sync(path.parent)

    def rmtree(self, path: Path) -> None:
        """Remove a directory of our own with all it holds, if it is there."""
        if not path.exists():
            return
        with self.point("rmtree", str(path)):
            shutil.rmtree(path)
        self.sync(path.parent)

    def copy(self, source: Path, target: Path) -> None:
        """Copy one file's content with its mode."""
        with self.point("copy", str(target)):
            shutil.copyfile(source, target)
            shutil.copymode(source, target)
        self.sync(target)

    def sync(self, path: Path) -> None:
        """Make a file's or directory's state durable."""
        with self.point("fsync", str(path)):
            if not self._sync:
                return
            descriptor = os.open(path, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def _write_all(descriptor: int, data: bytes) -> None:
    """os.write may write less than asked for."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
