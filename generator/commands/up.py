"""`labhelm up`: install a platform and wait until it runs."""

from __future__ import annotations

import os
import shutil
import sys
import time
from pathlib import Path

import click

from generator.checking import Checked
from generator.cluster import summary
from generator.cluster.installing import Installation
from generator.cluster.kind import create_kind
from generator.cluster.runner import SystemRunner
from generator.cluster.simulated import simulated_base, simulated_nodes
from generator.commands.arguments import allow_data_move, one_profile, read_profiles, valid_profiles
from generator.commands.target import (
    Target,
    Tools,
    cluster_options,
    kind_kubeconfig,
    local_cluster,
    release_options,
    set_options,
    tools_for,
)
from generator.generation import values_text
from generator.profile.model import Profile
from generator.project import Project, find_project


@click.command(name="up")
@one_profile
@cluster_options
@release_options
@set_options
@allow_data_move
@click.option("--timeout", default=300, show_default=True, help="Seconds to wait for pods.")
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
    settings: tuple[str, ...],
    texts: tuple[str, ...],
    allow_data_move: bool,
    timeout: int,
) -> None:
    """Install the platform of PROFILE and wait until all its pods run.

    Missing login tokens are made, once. Run it again after a failure or a
    change: it goes on from where it stands.
    """  # fmt: skip
    target = Target(local, kind, context, kubeconfig)
    project = find_project(root)
    (found,) = read_profiles(project, [profile])
    (checked,) = valid_profiles([found])
    started = time.monotonic()
    _start(target, project, checked)
    tools = tools_for(target, checked.name)
    if not allow_data_move:
        _stop_at_data_moves(tools, found, release, namespace)
    installation = Installation(
        tools.kubectl, tools.helm, project.umbrella, release, namespace, tools.progress, timeout
    )
    missing = installation.install(values_text(checked), settings, texts)
    summary.show(tools.kubectl, release)
    for line in summary.secret_lines(missing):
        click.echo(line)
    click.echo(
        f"{checked.name} is up on {target.name} after {time.monotonic() - started:.0f} s. Look around:"
    )
    for line in _next_steps(target, checked.name, release, namespace):
        click.echo(f"  {line}")


def _stop_at_data_moves(tools: Tools, checked: Checked, release: str, namespace: str) -> None:
    """Compared with what the release was given; without a release there is no data yet."""
    from generator.upgrades.gate import stop_at_data_moves

    if old := tools.helm.values(release, namespace=namespace):
        stop_at_data_moves([(old, checked)])


def _start(target: Target, project: Project, profile: Profile) -> None:
    if target.local:
        cluster = local_cluster(profile.name)
        if cluster.status().phase != "running":
            cluster.start(simulated_nodes(profile))
            if base := simulated_base(profile):
                cluster.kubectl().apply(base)
    elif target.kind:
        create_kind(
            SystemRunner(), profile.name, project.root / "ci" / "kind.yaml", kind_kubeconfig(profile.name)
        )


def _next_steps(target: Target, name: str, release: str, namespace: str) -> list[str]:
    if target.local:
        return [
            f"{_program()} kubectl {name} get pods -A -o wide",
            f"{_program()} kubectl {name} get nodes,pv,pvc -A",
            f"{_program()} down {name} --local",
            "The nodes are simulated: pods are placed and counted, no program runs.",
        ]
    where = f"--kubeconfig {kind_kubeconfig(name)}" if target.kind else f"--context {target.context}"
    kube = where if target.kind else f"--kube-context {target.context}"
    return [
        f"kubectl {where} get pods -A -l app.kubernetes.io/instance={release}",
        f"helm status {release} -n {namespace} {kube}    how to log in",
        f"helm test {release} -n {namespace} {kube}      does it really work",
    ]


def _program() -> str:
    """How we were called: a checkout's `labhelm` is not on PATH."""
    return "labhelm" if shutil.which("labhelm") else os.path.relpath(sys.argv[0])
