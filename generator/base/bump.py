"""What changes between two versions of a chart, by their default values, and which profiles that concerns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

Path = tuple[str, ...]
_SIMILAR = 0.6


@dataclass(frozen=True)
class Bump:
    """Key paths of two default values files; `renamed` maps removed ones to what looks like their heirs."""

    removed: tuple[Path, ...]
    renamed: Mapping[Path, Path]
    added: tuple[Path, ...]
    changed: Mapping[Path, tuple[Any, Any]]

    def broken(self, values: Mapping[str, Any]) -> tuple[Path, ...]:
        """Key paths of `values` that the new version no longer knows."""
        gone = {*self.removed, *self.renamed}
        return tuple(path for path in _set_paths(values) if any(_within(path, one) for one in gone))


def compare(old: Mapping[str, Any], new: Mapping[str, Any]) -> Bump:
    """The difference between two charts' default values."""
    before, after = dict(_leaves(old)), dict(_leaves(new))
    gone = [path for path in before if path not in after and not _still_there(path, new)]
    fresh = [path for path in after if path not in before]
    renamed = _renamed(gone, fresh, before, after)
    return Bump(
        removed=tuple(path for path in gone if path not in renamed),
        renamed=renamed,
        added=tuple(path for path in fresh if path not in renamed.values()),
        changed={p: (before[p], after[p]) for p in before if p in after and before[p] != after[p]},
    )


def _leaves(value: Mapping[str, Any], path: Path = ()) -> Iterator[tuple[Path, Any]]:
    for key, below in value.items():
        if isinstance(below, Mapping) and below:
            yield from _leaves(below, (*path, str(key)))
        else:
            yield (*path, str(key)), below


def _still_there(path: Path, values: Any) -> bool:
    for key in path:
        if not isinstance(values, Mapping) or key not in values:
            return False
        values = values[key]
    return True


def _renamed(
    gone: list[Path], fresh: list[Path], before: Mapping[Path, Any], after: Mapping[Path, Any]
) -> dict[Path, Path]:
    """The most similar new path, if its value is of the same kind; each new path at most once."""
    out: dict[Path, Path] = {}
    for path in gone:
        candidates = [
            (_likeness(path, other), other)
            for other in fresh
            if other not in out.values() and type(after[other]) is type(before[path])
        ]
        best = max(candidates, default=(0.0, ()))
        if best[0] >= _SIMILAR:
            out[path] = best[1]
    return out


def _likeness(one: Path, other: Path) -> float:
    return SequenceMatcher(None, ".".join(one).lower(), ".".join(other).lower()).ratio()


def _set_paths(values: Mapping[str, Any]) -> Iterator[Path]:
    for path, _ in _leaves(values):
        yield path


def _within(path: Path, other: Path) -> bool:
    shared = min(len(path), len(other))
    return path[:shared] == other[:shared]
