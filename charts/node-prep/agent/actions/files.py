"""One path from one state to another."""

from __future__ import annotations

import contextlib
import difflib
import errno
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent.actions.base import Content, Context, SimpleAction
from agent.filestate import FileState, from_json, look

_SECRET = re.compile(
    r"((?:pass(?:word|wd)?|token|secret|auth|credentials?|identitytoken)[\w-]*[\"']?\s*[:=]\s*)[\"']?[^\s,\"']+[\"']?",
    re.IGNORECASE,
)
_URL_SECRET = re.compile(r"(://[^/\s:@]+:)[^/\s@]+@")


@dataclass(frozen=True)
class FileAction(SimpleAction):
    """Create, change or remove a file, link or directory.

    While a transaction is open the old file keeps its inode under a second name (`.<name>.labhelm-<id>.old`):
    going back is one rename, which needs no space on a full disk and keeps times and extended attributes.
    """

    path: str
    before: FileState
    after: FileState
    kind = "file"

    def describe(self) -> str:
        """A headline, and for files a unified diff."""
        old, new = self.before, self.after
        headline = f"{self.path}: {_short(old)} -> {_short(new)}"
        lines = list(difflib.unified_diff(_lines(old.data), _lines(new.data), lineterm=""))[2:]
        return "\n".join([headline, *map(_without_secrets, lines)])

    def apply(self, context: Context) -> None:
        """Put `after` in place, the old file kept beside it."""
        self._put(context, self.after, keep=True)

    def revert(self, context: Context) -> None:
        """Put `before` back: the kept file itself while it is there, a copy from the backup otherwise."""
        disk, place, (temporary, kept) = context.host.disk, context.host.at(self.path), self._names(context)
        if os.path.lexists(kept):
            disk.rename(kept, place)
        elif not look(context.host, self.path).same(self.before):
            self._put(context, self.before, keep=False)
        disk.unlink(temporary)
        # rename(2) does nothing when both names are the same file: the change was not made yet.
        disk.unlink(kept)

    def settle(self, context: Context) -> None:
        """Drop the kept file."""
        for name in self._names(context):
            context.host.disk.unlink(name)

    def conflict(self, context: Context) -> str:
        """Someone changed the path after us."""
        now = look(context.host, self.path)
        if now.same(self.after) or now.same(self.before) or self.after.kind == "directory":
            return ""
        return f"{self.path} was changed after the agent wrote it"

    def contents(self) -> Mapping[str, bytes]:
        """Both sides, so that the journal tells the whole story."""
        return {state.sha256: state.data for state in (self.before, self.after) if state.kind == "file"}

    def to_json(self) -> dict[str, Any]:
        """See Action.to_json."""
        return {"path": self.path, "before": self.before.to_json(), "after": self.after.to_json()}

    @classmethod
    def from_json(cls, value: Mapping[str, Any], content: Content) -> FileAction:
        """See Action.from_json."""
        return cls(value["path"], from_json(value["before"], content), from_json(value["after"], content))

    def _names(self, context: Context) -> tuple[Path, Path]:
        place = context.host.at(self.path)
        stem = f".{place.name}.labhelm-{context.transaction}"
        return place.with_name(f"{stem}.new"), place.with_name(f"{stem}.old")

    def _put(self, context: Context, wanted: FileState, *, keep: bool) -> None:
        disk, place, (temporary, kept) = context.host.disk, context.host.at(self.path), self._names(context)
        now = look(context.host, self.path)
        if wanted.kind == "directory":
            if now.kind == "absent":
                disk.mkdir(place, wanted.mode)
            return
        if wanted.kind == "absent":
            self._remove(context, now, keep)
            return
        _make(context, temporary, wanted, place)
        if keep and now.kind == "file":
            _keep(context, place, kept)
        disk.rename(temporary, place)

    def _remove(self, context: Context, now: FileState, keep: bool) -> None:
        disk, place, (_, kept) = context.host.disk, context.host.at(self.path), self._names(context)
        if now.kind == "directory":
            disk.rmdir(place)
        elif keep and now.kind == "file":
            disk.rename(place, kept)
        else:
            disk.unlink(place)


def _without_secrets(line: str) -> str:
    """A diff goes to logs; passwords in fstab, daemon.json or a registry's auth must not."""
    return _URL_SECRET.sub(r"\1***@", _SECRET.sub(r"\1***", line))


def _keep(context: Context, place: Path, kept: Path) -> None:
    context.host.disk.unlink(kept)
    try:
        context.host.disk.link(place, kept)
    except OSError as error:
        # A file system without hard links: the copy in the backup is the way back.
        if error.errno not in (errno.EPERM, errno.EOPNOTSUPP, errno.EMLINK):
            raise


def _make(context: Context, temporary: Path, wanted: FileState, old: Path) -> None:
    disk = context.host.disk
    disk.unlink(temporary)
    if wanted.kind == "link":
        disk.symlink(wanted.target, temporary)
        os.lchown(temporary, wanted.uid, wanted.gid)
        return
    disk.write(temporary, wanted.data, wanted.mode, (wanted.uid, wanted.gid))
    _copy_attributes(old, temporary)
    if wanted.mtime:
        os.utime(temporary, ns=(wanted.mtime, wanted.mtime))


def _copy_attributes(old: Path, new: Path) -> None:
    """Keep SELinux labels and the like, as far as the file system has them."""
    if not old.is_file() or old.is_symlink():
        return
    with contextlib.suppress(OSError):
        for name in os.listxattr(old):
            os.setxattr(new, name, os.getxattr(old, name))


def _lines(data: bytes) -> list[str]:
    return data.decode("utf-8", "replace").splitlines()


def _short(state: FileState) -> str:
    if state.kind == "link":
        return f"link to {state.target}"
    return state.kind if state.kind == "absent" else f"{state.kind} {state.mode:04o} {state.uid}:{state.gid}"
