"""NET116: fixed ports on the nodes that clash, or that no node opens."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generator.profile.model import Profile
from generator.rules.base import Finding, Names, Path

FIRST, LAST = 30000, 32767
"""Kubernetes' own range, unless the API server was told another."""
KEYS = ("nodePorts", "nodePort")


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding for each port that was given before, or lies outside the range."""
    seen: dict[int, Path] = {}
    for path, port in _ports(("overrides",), profile.overrides, inside=False):
        if not FIRST <= port <= LAST:
            yield Finding(
                path, f"{port} is no port for nodes", f"choose one from {FIRST} to {LAST}, or 0 for any"
            )
        elif port in seen:
            yield Finding(
                path,
                f"the port {port} of the nodes is given twice",
                "choose another one, or 0 for any",
                related=((seen[port], "first here"),),
            )
        seen.setdefault(port, path)


def _ports(path: Path, value: Any, *, inside: bool) -> Iterator[tuple[Path, int]]:
    """Numbers under keys that name ports of nodes; 0 leaves the choice to the cluster."""
    if isinstance(value, dict):
        for key, below in value.items():
            yield from _ports((*path, key), below, inside=inside or key in KEYS)
    elif isinstance(value, list):
        for index, below in enumerate(value):
            yield from _ports((*path, index), below, inside=inside)
    elif inside and isinstance(value, int) and not isinstance(value, bool) and value:
        yield path, value
