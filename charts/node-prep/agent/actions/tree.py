"""A directory that is wholly ours: copies of files of the host."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from agent.actions.base import Context, SimpleAction
from agent.errors import StepFailed
from agent.host import Host

MARKER = ".labhelm-collected.json"


@dataclass(frozen=True)
class CopyTree(SimpleAction):
    """Copy `sources` (host paths) flat into `target`; `stamp` tells when the copy is outdated.

    The new directory is complete before it takes the old one's name. A later undo removes it: the copy before
    came from a driver that is no longer there.
    """

    target: str
    sources: tuple[str, ...]
    stamp: str
    kind = "tree"

    def describe(self) -> str:
        """See Action.describe."""
        return f"{self.target}: {len(self.sources)} files of the driver"

    def apply(self, context: Context) -> None:
        """Build beside, then swap by two renames; the old one is kept until the commit."""
        disk, target, (new, old) = context.host.disk, context.host.at(self.target), self._names(context)
        disk.rmtree(new)
        disk.makedirs(new)
        for source in self.sources:
            disk.copy(context.host.real(source), new / Path(source).name)
        disk.write(new / MARKER, json.dumps({"stamp": self.stamp}).encode(), 0o644)
        if target.exists():
            disk.rename(target, old)
        disk.rename(new, target)

    def revert(self, context: Context) -> None:
        """See Action.revert."""
        disk, target, (new, old) = context.host.disk, context.host.at(self.target), self._names(context)
        if old.exists():
            disk.rmtree(target)
            disk.rename(old, target)
        elif stamp_of(context.host, self.target) == self.stamp:
            disk.rmtree(target)
        disk.rmtree(new)

    def settle(self, context: Context) -> None:
        """See Action.settle."""
        for name in self._names(context):
            context.host.disk.rmtree(name)

    def _names(self, context: Context) -> tuple[Path, Path]:
        target = context.host.at(self.target)
        stem = f".{target.name}.labhelm-{context.transaction}"
        return target.with_name(f"{stem}.new"), target.with_name(f"{stem}.old")


def stamp_of(host: Host, target: str) -> str:
    """The stamp of an existing copy; empty when there is none, an error when the directory is not ours."""
    if not host.is_dir(target):
        return ""
    try:
        return str(json.loads(host.text(f"{target}/{MARKER}"))["stamp"])
    except (ValueError, KeyError):
        raise StepFailed(f"{target} exists and was not made by the agent", reason="NotOurs") from None


def stamp(host: Host, sources: Sequence[str]) -> str:
    """Changes when a file of the driver does; looks at sizes and times, not at hundreds of megabytes."""
    digest = hashlib.sha256()
    for source in sources:
        found = host.real(source).stat()
        digest.update(f"{source}\0{found.st_size}\0{found.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:16]
