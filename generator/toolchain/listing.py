"""What tools there are and which are here, for `labhelm tools`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from generator.cluster.runner import CommandRunner
from generator.toolchain.install import locate
from generator.toolchain.table import TOOLS, Tool


@dataclass(frozen=True)
class ToolState:
    """A tool as it stands here: `source` is "PATH", "cache" or "missing"; `size` is in bytes.

    `version` is that of the program found, or the pinned one of a missing tool.
    """

    name: str
    version: str
    group: str
    source: str
    path: Path | None
    size: int


def list_tools(runner: CommandRunner) -> tuple[ToolState, ...]:
    """Every tool of the table, in its order."""
    return tuple(_state(tool, runner) for tool in TOOLS)


def _state(tool: Tool, runner: CommandRunner) -> ToolState:
    found = locate(tool, runner)
    if found is None:
        return ToolState(tool.name, tool.version, tool.group, "missing", None, 0)
    size = found.path.stat().st_size
    return ToolState(tool.name, found.version, tool.group, found.source, found.path, size)
