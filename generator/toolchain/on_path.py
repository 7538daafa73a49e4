"""Tools that the user already has: found on PATH and used when their version fits."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from generator.cluster.runner import CommandRunner
from generator.errors import CommandError
from generator.toolchain.table import Tool, Version


@dataclass(frozen=True)
class OwnTool:
    """A program of the user's."""

    path: Path
    version: str


def find_on_path(tool: Tool, runner: CommandRunner, *, exact: bool = False) -> OwnTool | None:
    """The user's own program when its version fits; with `exact` it must be the pinned one."""
    if tool.on_path is None or (found := shutil.which(tool.on_path.program)) is None:
        return None
    version = _probe(found, tool.probe, runner)
    fits = version == parse_version(tool.version) if exact else tool.on_path.accepts(version)
    return OwnTool(Path(found), ".".join(map(str, version))) if fits else None


def parse_version(text: str) -> Version:
    """The first dotted number in what a tool printed; empty when there is none."""
    match = re.search(r"\bv?(\d+)\.(\d+)(?:\.(\d+))?", text)
    return tuple(int(part) for part in match.groups(default="0")) if match else ()


def _probe(program: str, arguments: tuple[str, ...], runner: CommandRunner) -> Version:
    """What a program says its version is; a broken one has none, and the pinned tool is used instead."""
    try:
        result = runner.run([program, *arguments], timeout=20)
    except CommandError:
        return ()
    return parse_version(result.stdout or result.stderr)
