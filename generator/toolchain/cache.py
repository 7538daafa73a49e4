"""The cache of tools: one folder per tool with the program and its checksum, moved into place whole."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from generator.toolchain.pins import fingerprint
from generator.toolchain.table import Tool


def cache_dir() -> Path:
    """LABHELM_CACHE, or labhelm under the user's cache folder."""
    if chosen := os.environ.get("LABHELM_CACHE"):
        return Path(chosen).expanduser().resolve()
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "labhelm"


def place_of(tool: Tool) -> Path:
    """Where the tool's program is once it is cached."""
    return cache_dir() / "tools" / tool.name / f"{tool.version}-{fingerprint(tool)}" / tool.program


def cached(tool: Tool) -> Path | None:
    """The tool's program when it is in the cache and its checksum is right."""
    program = place_of(tool)
    try:
        wanted = _checksum_file(program).read_text().split()[0]
        return program if _checksum(program, program.stat().st_mtime_ns) == wanted else None
    except (OSError, IndexError):
        return None


def store(tool: Tool, program: Path) -> Path:
    """Move a finished program (on the cache's file system) into its place, replacing a damaged one."""
    program.chmod(0o755)
    place = place_of(tool)
    with workspace("store") as staging:
        folder = staging / "entry"
        folder.mkdir()
        program.replace(folder / tool.program)
        new = folder / tool.program
        _checksum_file(new).write_text(f"{_checksum(new, new.stat().st_mtime_ns)}  {tool.program}\n")
        if place.parent.exists():
            place.parent.replace(staging / "damaged")
        place.parent.parent.mkdir(parents=True, exist_ok=True)
        folder.replace(place.parent)
    return place


@contextlib.contextmanager
def workspace(name: str) -> Iterator[Path]:
    """A folder on the cache's file system that is gone afterwards, whatever happens."""
    import tempfile  # only where something is brought: it takes long to load

    base = cache_dir() / "tmp"
    base.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=base))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def lock(key: str, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold the cache's lock of that name; `waiting` is called once when another process has it.

    The kernel frees the lock when its holder dies, so there is no stale one.
    """
    folder = cache_dir() / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / key).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting()
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _checksum_file(program: Path) -> Path:
    return program.with_name(f"{program.name}.sha256")


@cache
def _checksum(program: Path, modified: int) -> str:
    """Once per process and state of the file: a hundred megabytes take a tenth of a second."""
    del modified
    with program.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
