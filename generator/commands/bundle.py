"""`labhelm bundle PROFILE`: everything that a machine without network needs, in one archive."""

from __future__ import annotations

from pathlib import Path

import click

from generator.airgap.bundle import Bundler, archive
from generator.airgap.inventory import inventory
from generator.airgap.own_charts import own_images
from generator.base.layer import layer_of
from generator.base.platform import NODE_PREP, RELEASE
from generator.cluster.helm import Helm
from generator.cluster.runner import SystemRunner
from generator.commands.arguments import one_profile, valid_profile
from generator.generation import node_prep_text, values_text
from generator.project import find_project
from generator.toolchain import ensure
from generator.toolchain.progress import RichProgress


@click.command(name="bundle")
@one_profile
@click.option(
    "--to",
    "target",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The archive; NAME-bundle.tar.gz when left out.",
)
@click.option(
    "--charts",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder with charts that were pulled before; else they are pulled now.",
)
@click.pass_obj
def command(root: Path, profile: str, target: Path | None, charts: Path | None) -> None:
    """Pack charts, values, objects and scripts of PROFILE for a machine without network.

    The images are not in it: copy-images.sh brings them into the registry,
    and install.sh installs everything in order.
    """
    project = find_project(root)
    checked = valid_profile(project, profile)
    runner, progress = SystemRunner(), RichProgress()
    helm = ensure("helm4", runner=runner, progress=progress)
    kubectl = ensure("kubectl", runner=runner, progress=progress)
    layer = layer_of(checked)
    items = inventory(layer, own_images(checked, project, Helm(helm, runner)))
    own = {RELEASE: values_text(checked), NODE_PREP: node_prep_text(checked)}
    files = Bundler(project, helm, kubectl, runner, charts).files(layer, own, items)
    place = target or Path(f"{checked.name}-bundle.tar.gz")
    place.write_bytes(archive(files, f"{checked.name}-bundle"))
    click.echo(f"{place}: {len(files)} files; unpack it and read install.sh")
