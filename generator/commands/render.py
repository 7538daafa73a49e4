"""`labhelm render`: plain manifests for those who want no Helm in the cluster."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import click

from generator.cluster.helm import Helm, Values
from generator.cluster.runner import SystemRunner
from generator.commands.arguments import one_profile, valid_profile
from generator.commands.target import release_options, set_options
from generator.generation import values_text
from generator.project import find_project
from generator.toolchain import ensure
from generator.toolchain.progress import RichProgress


@click.command(name="render")
@one_profile
@release_options
@set_options
@click.pass_obj
def command(
    root: Path, profile: str, release: str, namespace: str, settings: tuple[str, ...], texts: tuple[str, ...]
) -> None:
    """Print the platform of PROFILE as plain manifests.

    labhelm render arl | kubectl --context NAME apply -f -

    Helm's hooks are left out: the tests, and the job that gives pull secrets
    to the default accounts of namespaces.
    """
    project = find_project(root)
    checked = valid_profile(project, profile)
    runner = SystemRunner()
    helm = Helm(ensure("helm4", runner=runner, progress=RichProgress()), runner)
    with TemporaryDirectory(prefix="labhelm-") as folder:
        file = Path(folder) / "values.yaml"
        file.write_text(values_text(checked))
        # Hooks are helm's own: tests would run at once, and nothing would ever remove them.
        text = helm.template(
            release,
            str(project.umbrella),
            Values((file,), settings, texts),
            namespace=namespace,
            options=("--no-hooks",),
        )
    click.echo(text, nl=False)
