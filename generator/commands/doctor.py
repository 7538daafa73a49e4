"""`labhelm doctor`: is a living cluster as its profile says?"""

from __future__ import annotations

from pathlib import Path

import click

from generator.cluster.helm import Helm
from generator.cluster.runner import SystemRunner
from generator.commands.arguments import one_profile, valid_profile
from generator.commands.target import (
    Target,
    cluster_options,
    kind_kubeconfig,
    release_options,
    tools_for,
)
from generator.doctor.base import Check
from generator.doctor.checks import CHECKS
from generator.doctor.examining import EXIT_UNKNOWN, examine, exit_code, not_seen
from generator.doctor.expected import wish_of
from generator.doctor.reading import Reader
from generator.doctor.report import Commands, as_json, show
from generator.doctor.rights import rights
from generator.errors import CommandError
from generator.project import find_project
from generator.toolchain import ensure
from generator.toolchain.progress import RichProgress


@click.command(name="doctor")
@one_profile
@cluster_options
@release_options
@click.option(
    "--skip",
    multiple=True,
    type=click.Choice([check.name for check in CHECKS]),
    metavar="CHECK",
    help="Leave a check out; may be repeated.",
)
@click.option("--json", "for_programs", is_flag=True, help="Print it for programs.")
@click.option("--rights", "show_rights", is_flag=True, help="Print the rights that it needs, as manifests.")
@click.option("--timeout", default=60, show_default=True, help="Seconds to read the cluster.")
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
    skip: tuple[str, ...],
    for_programs: bool,
    show_rights: bool,
    timeout: int,
) -> int:
    """Compare a cluster with PROFILE, and say what to do about each difference.

    It only reads. Exit code 0: all right. 1: differences. 2: no difference
    was seen, but not everything could be seen.
    """
    project = find_project(root)
    checked = valid_profile(project, profile)
    if show_rights:
        renderer = Helm(ensure("helm4", runner=SystemRunner(), progress=RichProgress()), SystemRunner())
        wish = wish_of(checked, renderer, project.umbrella, release, namespace)
        click.echo(rights(wish, namespace), nl=False)
        return 0
    target = Target(local, kind, context, kubeconfig)
    tools = tools_for(target, checked.name)
    try:
        wish = wish_of(checked, tools.helm, project.umbrella, release, namespace)
        snapshot = Reader(tools.kubectl, tools.helm, timeout).read(wish)
    except CommandError as error:
        click.echo(f"cannot tell: {error}", err=True)
        if for_programs:
            click.echo(as_json([not_seen(error)], Commands()), nl=False)
        return EXIT_UNKNOWN
    outcomes = examine(wish, snapshot, _chosen(skip))
    commands = commands_for(target, profile, checked.name, release, namespace)
    if for_programs:
        click.echo(as_json(outcomes, commands), nl=False)
    else:
        show(outcomes, commands)
    return exit_code(outcomes)


def _chosen(skip: tuple[str, ...]) -> list[Check]:
    return [check for check in CHECKS if check.name not in skip]


def commands_for(target: Target, profile: str, name: str, release: str, namespace: str) -> Commands:
    """How one types commands for that cluster; `profile` as it was typed."""
    place = (*(() if release == "platform" else ("--release", release)),)
    place += () if namespace == "default" else ("--namespace", namespace)
    if target.local:
        return Commands(("labhelm", "kubectl", profile), (profile, "--local", *place), None)
    config = kind_kubeconfig(name) if target.kind else target.kubeconfig
    context = f"kind-{name}" if target.kind else target.context
    files = ("--kubeconfig", str(config)) if config else ()
    up = ("--kind",) if target.kind else ("--context", context, *files)
    return Commands(
        ("kubectl", *files, "--context", context),
        (profile, *up, *place),
        (*files, "--kube-context", context),
    )
