"""Reads the tree for a plan and applies it: all files or none, and never outside the project."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

from generator.errors import UserError
from generator.output.plan import Action, Entry, FileSet, Plan

_TEMP = ".labhelm-tmp"
_BACKUP = ".labhelm-old"
_MODE = 0o644


def read_present(
    root: Path, wanted: FileSet, managed: Iterable[PurePosixPath | str] = ()
) -> dict[PurePosixPath, bytes]:
    """The wanted files that exist and all files under the `managed` files and folders, for make_plan.

    Raises UserError where a link or a folder stands in a file's place.
    """
    paths = {PurePosixPath(path) for path in wanted}
    for top in managed:
        paths.update(_files_under(root, PurePosixPath(top)))
    inside = root.resolve()
    return {path: content for path in sorted(paths) if (content := _read(root, inside, path)) is not None}


def apply(root: Path, plan: Plan) -> None:
    """Bring the tree to `plan`; on any failure or interrupt it stays, or is put back, as it was.

    Raises UserError before the first write when a file in the way is not ours.
    """
    changes = plan.changes
    _refuse_foreign(changes)
    with _locked(root):
        transaction = _Transaction(root)
        try:
            transaction.stage(changes)
            transaction.commit(changes)
        except BaseException:  # an interrupt as well
            transaction.roll_back()
            raise
        try:
            transaction.clean()
        except KeyboardInterrupt:  # all is written: only finish tidying up
            transaction.clean()
            raise


class _Transaction:
    """Every file is written beside its target first; then all are renamed in one pass."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._made: list[Path] = []
        self._staged: list[Path] = []
        self._done: list[Entry] = []

    def stage(self, changes: Iterable[Entry]) -> None:
        for entry in changes:
            target = self._root / entry.path
            self._make_folders(target.parent)
            if entry.new is not None:
                self._write(_beside(target, _TEMP), entry.new)
            if entry.old is not None:
                self._write(_beside(target, _BACKUP), entry.old)

    def commit(self, changes: Iterable[Entry]) -> None:
        for entry in changes:
            target = self._root / entry.path
            self._done.append(entry)  # first: an interrupt may hit between the two
            if entry.new is None:
                target.unlink()
            else:
                _beside(target, _TEMP).replace(target)

    def roll_back(self) -> None:
        for entry in reversed(self._done):
            target = self._root / entry.path
            with suppress(FileNotFoundError):
                if entry.old is None:
                    target.unlink()
                else:
                    _beside(target, _BACKUP).replace(target)
        self._remove_staged()
        for folder in reversed(self._made):
            with suppress(OSError):  # someone else may have put a file there
                folder.rmdir()

    def clean(self) -> None:
        self._remove_staged()
        for entry in self._done:
            if entry.new is None:
                self._remove_empty(self._root / entry.path.parent)

    def _write(self, path: Path, content: bytes) -> None:
        self._staged.append(path)
        # A file of this name is the rest of a killed run; O_NOFOLLOW, as it might be a link by now.
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, _MODE)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            os.fchmod(handle, _MODE)
            file.flush()
            os.fsync(handle)

    def _make_folders(self, folder: Path) -> None:
        missing = [path for path in (folder, *folder.parents) if not path.exists()]
        for path in reversed(missing):
            self._made.append(path)
            path.mkdir()

    def _remove_staged(self) -> None:
        for path in self._staged:
            path.unlink(missing_ok=True)

    def _remove_empty(self, folder: Path) -> None:
        # Gone already where another file of the same folder was deleted before.
        while folder != self._root and folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
            folder = folder.parent


def _beside(target: Path, suffix: str) -> Path:
    return target.with_name(f".{target.name}{suffix}")


def _refuse_foreign(changes: Iterable[Entry]) -> None:
    names = [str(entry.path) for entry in changes if entry.foreign]
    if names:
        raise UserError(
            f"not generated, so not written over: {', '.join(names)}",
            hint="move your version away (or delete it), then run make gen again",
        )


def _files_under(root: Path, top: PurePosixPath) -> Iterator[PurePosixPath]:
    start = root / top
    if start.is_file() and not start.is_symlink():
        yield top
    for folder, names, files in os.walk(start):  # does not follow links
        names.sort()
        here = PurePosixPath(Path(folder).relative_to(root))
        for name in files:
            if not name.endswith((_TEMP, _BACKUP)) and not Path(folder, name).is_symlink():
                yield here / name


def _read(root: Path, inside: Path, path: PurePosixPath) -> bytes | None:
    target = root / path
    if target.is_symlink() or not target.parent.resolve().is_relative_to(inside):
        raise UserError(
            f"{path} is a link or lies behind one that leads elsewhere",
            hint="generated files are real files inside the project: remove the link",
        )
    try:
        return target.read_bytes()
    except FileNotFoundError:
        return None
    except (IsADirectoryError, NotADirectoryError) as error:
        raise UserError(
            f"{path} must be a file, but there is a folder or a file in its way",
            hint="move it away, then run make gen again",
        ) from error


@contextmanager
def _locked(root: Path) -> Iterator[None]:
    """One run at a time; the lock is on the folder itself and leaves no file behind."""
    handle = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        with suppress(OSError):
            os.close(handle)


_WORD = {Action.CREATE: "missing", Action.CHANGE: "differs", Action.DELETE: "left over"}


def describe(plan: Plan) -> str:
    """The verdict of `--check`: a line per file not as generated, then the diff; empty if all is well."""
    lines = [f"{_verdict(entry)}: {entry.path}\n" for entry in plan.changes]
    return "".join(lines) + plan.diff()


def _verdict(entry: Entry) -> str:
    return "not generated" if entry.foreign else _WORD[entry.action]
