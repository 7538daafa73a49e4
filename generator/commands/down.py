"""`labhelm down`: remove a platform; data stays."""

from __future__ import annotations

from pathlib import Path

import click

from generator.cluster.installing import Installation
from generator.cluster.kind import delete_kind
from generator.cluster.runner import SystemRunner
from generator.commands.arguments import one_profile, profile_name
from generator.commands.target import (
    Target,
    cluster_options,
    kind_kubeconfig,
    local_cluster,
    release_options,
    tools_for,
)
from generator.project import find_project


@click.command(name="down")
@one_profile
@cluster_options
@release_options
@click.option("--timeout", default=300, show_default=True, help="Seconds to wait for the objects to go.")
@click.pass_obj
def command(
    root: Path,
    profile: str,
    local: bool,
    kind: bool,
    context: str,
    kubeconfig: Path | None,
    release: str,
    namespace: str,
    timeout: int,
) -> None:
    """Remove the platform of PROFILE.

    On your own cluster volumes, claims and the namespaces that hold them stay,
    and so do login tokens. A local or kind cluster is removed as a whole.
    """  # fmt: skip
    target = Target(local, kind, context, kubeconfig)
    project = find_project(root)
    name = profile_name(project.profile(profile))
    if target.local:
        local_cluster(name).stop()
        click.echo(f"the local cluster of {name} is gone")
    elif target.kind:
        delete_kind(SystemRunner(), name, kind_kubeconfig(name))
        click.echo(f"the kind cluster of {name} is gone")
    else:
        tools = tools_for(target, name)
        installation = Installation(
            tools.kubectl, tools.helm, project.umbrella, release, namespace, tools.progress, timeout
        )
        click.echo(installation.uninstall().strip() or f"release {release} is gone")
