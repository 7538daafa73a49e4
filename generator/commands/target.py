"""Which cluster a command works on: local, kind, or the user's own by its context. Never the current one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from generator.cluster.helm import Helm
from generator.cluster.kubectl import Access, Kubectl
from generator.cluster.local import LocalCluster
from generator.cluster.local.state import default_dir
from generator.cluster.runner import SystemRunner
from generator.errors import UserError
from generator.toolchain import ensure
from generator.toolchain.progress import Progress, RichProgress

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Target:
    """The choice as it was made on the command line."""

    local: bool
    kind: bool
    context: str
    kubeconfig: Path | None

    def __post_init__(self) -> None:
        if [self.local, self.kind, bool(self.context)].count(True) != 1:
            raise UserError(
                "say which cluster",
                hint="one of --local (simulated nodes), --kind, or --context NAME (your own)",
            )

    @property
    def name(self) -> str:
        """How messages call it."""
        return "the local cluster" if self.local else "kind" if self.kind else f"context {self.context}"


@dataclass(frozen=True)
class Tools:
    """kubectl and helm for one cluster."""

    kubectl: Kubectl
    helm: Helm
    progress: Progress


def cluster_options(function: F) -> F:
    """--local, --kind, --context and --kubeconfig."""
    options = (
        click.option(
            "--local", is_flag=True, help="An API server of its own on this machine, simulated nodes."
        ),
        click.option("--kind", is_flag=True, help="A kind cluster of that name (needs Docker and kind)."),
        click.option(
            "--context", default="", metavar="NAME", help="Your own cluster, by its kubectl context."
        ),
        click.option(
            "--kubeconfig",
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            help="For --context.",
        ),
    )
    for option in reversed(options):
        function = option(function)
    return function


def release_options(function: F) -> F:
    """--release and --namespace."""
    function = click.option(
        "--namespace", "-n", default="default", show_default=True, help="Namespace of the release."
    )(function)
    return click.option("--release", default="platform", show_default=True, help="Name of the helm release.")(
        function
    )


def set_options(function: F) -> F:
    """--set and --set-string, as helm has them."""
    function = click.option(
        "--set-string", "texts", multiple=True, metavar="KEY=TEXT", help="The same; 1.10 stays text."
    )(function)
    return click.option(
        "--set", "settings", multiple=True, metavar="KEY=VALUE", help="One more value; may be repeated."
    )(function)


def local_cluster(name: str, progress: Progress | None = None) -> LocalCluster:
    """The local cluster of a profile."""
    return LocalCluster(name, runner=SystemRunner(), progress=progress or RichProgress())


def tools_for(target: Target, profile_name: str) -> Tools:
    """helm and kubectl for the chosen cluster, which must be there."""
    progress, runner = RichProgress(), SystemRunner()
    if target.local:
        access = local_cluster(profile_name).access()
    elif target.kind:
        access = Access(kind_kubeconfig(profile_name), f"kind-{profile_name}")
    else:
        access = Access(target.kubeconfig, target.context)
    kubectl = ensure("kubectl", runner=runner, progress=progress)
    helm = ensure("helm4", runner=runner, progress=progress)
    return Tools(Kubectl(kubectl, runner, access), Helm(helm, runner, access), progress)


def kind_kubeconfig(name: str) -> Path:
    """Where the kubeconfig of our kind cluster is; never the user's own file."""
    return default_dir(f"kind-{name}") / "kubeconfig"
