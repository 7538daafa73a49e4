"""A parsed profile: plain data, and where in the file each part of it stands."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from generator.diagnostics import Span

Path = tuple[str | int, ...]
Place = tuple[int, int]
"""Line and column, both from 1."""

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(slots=True)
class Node:
    """One value: `word` is a scalar as the parser read it, `style` its quoting ("" if unquoted)."""

    value: Any
    start: Place
    end: Place
    word: str = ""
    style: str = ""
    entries: dict[str, Entry] = field(default_factory=dict)
    items: list[Node] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Nothing is written there, as in `key:`."""
        return self.value is None and self.start == self.end

    def child(self, step: str | int) -> Node | None:
        """The value under a key or index, or None."""
        if isinstance(step, str):
            entry = self.entries.get(step)
            return entry.value if entry else None
        return self.items[step] if 0 <= step < len(self.items) else None


@dataclass(slots=True)
class Entry:
    """A key of a mapping and its value."""

    key: Node
    value: Node


@dataclass(frozen=True)
class Document:
    """The tree of one file; `faulty` are the paths at which the loader has already reported a fault."""

    file: str
    root: Node
    faulty: frozenset[Path] = frozenset()

    @property
    def value(self) -> Any:
        """Plain data: dict, list, str, int, float, bool, None."""
        return self.root.value

    def node(self, path: Path) -> Node | None:
        """The value at `path`, or None."""
        found: Node | None = self.root
        for step in path:
            found = found.child(step) if found else None
        return found

    def word(self, path: Path) -> str:
        """The scalar at `path` as it stands in the file (`1.30`, where the value is 1.3)."""
        node = self.node(path)
        return node.word if node else ""

    def span(self, path: Path, *, key: bool = False) -> Span:
        """Where the value (or its key) at `path` stands; what is missing is shown at what should hold it."""
        existing = self._existing(path)
        if len(existing) < len(path):
            key = True
        node = self._key(existing) if key else None
        if node is None:
            node = self.node(existing) or self.root
            if node.is_empty:
                node = self._key(existing) or node
        return Span(self.file, *node.start, *node.end)

    def _existing(self, path: Path) -> Path:
        for length in range(len(path), 0, -1):
            if self.node(path[:length]) is not None:
                return path[:length]
        return ()

    def _key(self, path: Path) -> Node | None:
        """The key of the value at `path`; None for an item of a list and for the top level."""
        parent = self.node(path[:-1]) if path else None
        entry = parent.entries.get(path[-1]) if parent and isinstance(path[-1], str) else None
        return entry.key if entry else None


def path_text(path: Path) -> str:
    """A path as people write it: `nodes[1].address`."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif _BARE_KEY.fullmatch(step):
            text += f".{step}" if text else step
        else:
            text += f'["{step}"]'
    return text
