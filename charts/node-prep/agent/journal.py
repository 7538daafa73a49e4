"""A write-ahead log: each record is durable before what it announces is done.

One line per record: 16 hex digits of the SHA-256 of the rest, a blank, JSON. A torn last line (power loss
while appending) announces nothing that was done, so it is cut off; damage elsewhere is not ours to guess.
"""

from __future__ import annotations

import errno
import hashlib
import json
from pathlib import Path
from typing import Any

from agent.disk import Disk
from agent.errors import RollbackFailed

BALLAST_BYTES = 64 * 1024  # given back on a full disk, so that the way back can still be recorded


class Journal:
    """The records of one transaction."""

    def __init__(self, disk: Disk, folder: Path) -> None:
        self._disk = disk
        self._file = folder / "journal"
        self._ballast = folder / "ballast"

    def prepare(self) -> None:
        """Reserve the space for the way back."""
        self._disk.write(self._ballast, b"\0" * BALLAST_BYTES, 0o600)

    def add(self, event: str, **fields: Any) -> None:
        """Append one record, durably."""
        line = _line({"event": event, **fields})
        try:
            self._disk.append(self._file, line)
        except OSError as error:
            if error.errno != errno.ENOSPC or not self._ballast.exists():
                raise
            self._disk.unlink(self._ballast)
            self.repair()
            self._disk.append(self._file, line)

    def records(self) -> list[dict[str, Any]]:
        """All whole records."""
        return self._read()[0]

    def repair(self) -> None:
        """Cut off a torn last record, so that the next one starts on a line of its own."""
        size = self._read()[1]
        if self._file.exists() and self._file.stat().st_size > size:
            self._disk.truncate(self._file, size)

    def _read(self) -> tuple[list[dict[str, Any]], int]:
        data = self._file.read_bytes() if self._file.exists() else b""
        found, size = [], 0
        for line in data.splitlines(keepends=True):
            record = _parse(line)
            if record is None:
                break
            found.append(record)
            size += len(line)
        if data[size:].count(b"\n") > 1:
            raise RollbackFailed(f"{self._file} is damaged in the middle: restore by hand from its folder")
        return found, size


def _line(record: dict[str, Any]) -> bytes:
    body = json.dumps(record, sort_keys=True)
    return f"{_check(body)} {body}\n".encode()


def _parse(line: bytes) -> dict[str, Any] | None:
    check, _, body = line.decode("utf-8", "replace").rstrip("\n").partition(" ")
    if not line.endswith(b"\n") or check != _check(body):
        return None
    value = json.loads(body)
    return value if isinstance(value, dict) else None


def _check(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()[:16]
