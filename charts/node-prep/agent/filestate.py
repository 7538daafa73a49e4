"""What stands at a path, complete enough to be put back byte for byte."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Callable

from agent.host import Host


@dataclass(frozen=True)
class FileState:
    """Absent, a file, a symbolic link or a directory, with mode and owner; `mtime` in ns, 0 for "now"."""

    kind: str = "absent"
    data: bytes = b""
    target: str = ""
    mode: int = 0
    uid: int = 0
    gid: int = 0
    mtime: int = 0

    def same(self, other: FileState) -> bool:
        """Equal in everything but the time, and the mode of a link, which has none."""
        return replace(self, mtime=0) == replace(other, mtime=0)

    @property
    def sha256(self) -> str:
        """Names the content in the backup."""
        return hashlib.sha256(self.data).hexdigest()

    def to_json(self) -> dict[str, Any]:
        """Everything but the content, which lies beside under its hash."""
        if self.kind == "absent":
            return {"kind": "absent"}
        common = {"kind": self.kind, "mode": self.mode, "uid": self.uid, "gid": self.gid, "mtime": self.mtime}
        if self.kind == "file":
            return {**common, "sha256": self.sha256}
        return {**common, "target": self.target} if self.kind == "link" else common


ABSENT = FileState()


def from_json(value: Mapping[str, Any], content: Callable[[str], bytes]) -> FileState:
    """The opposite of to_json; `content` finds bytes by their hash."""
    fields = {key: item for key, item in value.items() if key != "sha256"}
    data = content(value["sha256"]) if "sha256" in value else b""
    return FileState(data=data, **fields)


def look(host: Host, path: str) -> FileState:
    """What stands at `path` now; the last component is not followed."""
    place = host.at(path)
    try:
        found = os.lstat(place)
    except (FileNotFoundError, NotADirectoryError):
        return ABSENT
    owned = FileState(uid=found.st_uid, gid=found.st_gid, mtime=found.st_mtime_ns)
    if stat.S_ISLNK(found.st_mode):
        return replace(owned, kind="link", target=str(os.readlink(place)))  # noqa: PTH115 - the text as it is
    mode = stat.S_IMODE(found.st_mode)
    if stat.S_ISDIR(found.st_mode):
        return replace(owned, kind="directory", mode=mode)
    return replace(owned, kind="file", data=place.read_bytes(), mode=mode)


def edited(before: FileState, data: bytes, mode: int = 0o644) -> FileState:
    """`before` with other content: an existing file keeps mode and owner, a new one is ours."""
    if before.kind == "file":
        return replace(before, data=data, mtime=0)
    return FileState("file", data=data, mode=mode, uid=os.geteuid(), gid=os.getegid())


def link_to(target: str) -> FileState:
    """A symbolic link of the agent's."""
    return FileState("link", target=target, uid=os.geteuid(), gid=os.getegid())


def directory(mode: int = 0o755) -> FileState:
    """A directory of the agent's."""
    return FileState("directory", mode=mode, uid=os.geteuid(), gid=os.getegid())
