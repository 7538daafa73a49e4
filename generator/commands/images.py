"""`labhelm images PROFILE`: everything that is pulled, and a script that copies it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click

from generator.airgap.copying import copy_script
from generator.airgap.inventory import Item, inventory
from generator.airgap.own_charts import own_images
from generator.base.layer import layer_of
from generator.cluster.helm import Helm
from generator.cluster.runner import SystemRunner
from generator.commands.arguments import one_profile, valid_profile
from generator.errors import UserError
from generator.project import find_project
from generator.toolchain import ensure
from generator.toolchain.progress import RichProgress


@click.command(name="images")
@one_profile
@click.option(
    "--output",
    "-o",
    type=click.Choice(["text", "json", "script"]),
    default="text",
    show_default=True,
    help="script copies all with skopeo and oras.",
)
@click.option("--to", "registry", default="", help="Registry for the script; the profile's when left out.")
@click.pass_obj
def command(root: Path, profile: str, output: str, registry: str) -> None:
    """List every image and chart of PROFILE, pinned, with who needs it.

    Base layer, platform and node-prep; with `registry:` in the profile, as
    they are pulled from there.
    """
    project = find_project(root)
    checked = valid_profile(project, profile)
    runner = SystemRunner()
    helm = Helm(ensure("helm4", runner=runner, progress=RichProgress()), runner)
    items = inventory(layer_of(checked), own_images(checked, project, helm))
    if output == "script":
        click.echo(copy_script(checked.name, items, _target(registry or checked.registry or "")), nl=False)
    elif output == "json":
        click.echo(json.dumps([asdict(item) for item in items], indent=2))
    else:
        click.echo(_text(items), nl=False)


def _target(registry: str) -> str:
    if registry:
        return registry
    raise UserError("which registry?", hint="add --to HOST/PATH, or registry: to the profile")


def _text(items: Sequence[Item]) -> str:
    lines = (f"{item.kind:8}{item.target}  ({', '.join(item.users)}){_note(item)}\n" for item in items)
    return "".join(lines)


def _note(item: Item) -> str:
    return "" if item.movable else "  cannot be rewritten: mirror its registry on the machines"
