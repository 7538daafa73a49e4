"""`labhelm kubectl PROFILE -- ...`: kubectl inside a local cluster's own network."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from generator.commands.arguments import one_profile, profile_name
from generator.commands.target import local_cluster
from generator.project import find_project


@click.command(
    name="kubectl", context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False}
)
@one_profile
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@click.pass_obj
def command(root: Path, profile: str, arguments: tuple[str, ...]) -> None:
    """Run kubectl with ARGUMENTS in the local cluster of PROFILE.

    For example: labhelm kubectl lab get pods -A
    """
    kubectl = local_cluster(profile_name(find_project(root).profile(profile))).kubectl()
    argv = [*kubectl.access.prefix, str(kubectl.path), *kubectl.access.flags("--context"), *arguments]
    sys.stdout.flush()
    # In our place: colours, pagers, watches and Ctrl-C work as with kubectl itself.
    os.execvp(argv[0], argv)
