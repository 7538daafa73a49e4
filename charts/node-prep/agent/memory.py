"""What one run must know of the last: a plan that failed is not tried again and again.

Each try of a disruptive plan drains the node; without this a broken plan would do so at every interval.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from agent.actions.base import Action
from agent.disk import Disk

MAX_INTERRUPTIONS = 3


@dataclass(frozen=True)
class Memory:
    """`failed` is the key of a plan that failed, `interrupted` how often a run was killed in a row."""

    failed: str = ""
    message: str = ""
    interrupted: int = 0


def plan_key(actions: Sequence[Action]) -> str:
    """Names a set of changes: from what to what, but not the times of files and the moods of services."""
    values = [{"kind": action.kind, **action.to_json()} for action in actions]
    text = json.dumps(_lasting(values), sort_keys=True, default=dict)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _lasting(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _lasting(item) for key, item in value.items() if key not in ("mtime", "was")}
    return [_lasting(item) for item in value] if isinstance(value, (list, tuple)) else value


def recall(folder: Path) -> Memory:
    """The memory, empty when there is none or it is unreadable."""
    try:
        return Memory(**json.loads((folder / "last.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return Memory()


def remember(disk: Disk, folder: Path, memory: Memory) -> None:
    """Keep it; an empty one is no file."""
    file = folder / "last.json"
    if memory == Memory():
        disk.unlink(file)
        return
    disk.makedirs(folder, 0o700)
    temporary = folder / ".last.json.new"
    disk.write(temporary, json.dumps(asdict(memory)).encode(), 0o600)
    disk.rename(temporary, file)
