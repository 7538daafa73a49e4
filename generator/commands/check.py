"""`labhelm check`: all that is wrong with profiles, in one run."""

from __future__ import annotations

from pathlib import Path

import click

from generator.commands.arguments import many_profiles, read_profiles, report
from generator.project import find_project


@click.command(name="check")
@many_profiles
@click.option(
    "--format",
    "output",
    type=click.Choice(["text", "json", "github", "sarif"]),
    default="text",
    show_default=True,
    help="How to print it.",
)
@click.pass_obj
def command(root: Path, profiles: tuple[str, ...], output: str) -> int:
    """Tell everything that is wrong with the profiles (all of them by default).

    Exit code 0: no errors (warnings may be). 2: errors.
    """
    checked = read_profiles(find_project(root), profiles)
    text = report(checked, output)
    if text:
        click.echo(text, nl=not text.endswith("\n"))
    elif output == "text":
        click.echo(f"{len(checked)} profile{'s' if len(checked) != 1 else ''}: no faults found")
    return 2 if any(one.errors for one in checked) else 0
