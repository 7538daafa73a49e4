"""`labhelm machines PROFILE`: what prepares the machines of a profile, and how another one joins."""

from __future__ import annotations

from pathlib import Path

import click

from generator.commands.arguments import one_profile, valid_profile
from generator.errors import UserError
from generator.machines.cluster import Site, site_of, without_address
from generator.machines.files import machines_files
from generator.machines.guide import join_file_command
from generator.output.plan import make_plan
from generator.output.writer import apply, describe, read_present
from generator.profile.model import Profile
from generator.project import Project, find_project


@click.command(name="machines")
@one_profile
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 when a file is not as generated.")
@click.option("--join-token", is_flag=True, help="Print the commands that make a fresh join token.")
@click.pass_obj
def command(root: Path, profile: str, check: bool, join_token: bool) -> int:
    """Write scripts and configs that prepare the machines of PROFILE, to values/<name>/machines/.

    Each script shows what it would change until it is given --apply. The order is in the README beside them.
    """
    project = find_project(root)
    checked = valid_profile(project, profile)
    site = _site(checked)
    if join_token:
        click.echo(_join_commands(site))
        return 0
    return _write(project, checked, only_check=check)


def _site(profile: Profile) -> Site:
    site = site_of(profile)
    if site is not None:
        return site
    names = without_address(profile)
    if names:
        raise UserError(
            f"no address in {profile.name}: {', '.join(names)}",
            hint="add address: to each of these nodes; machines are prepared by their addresses",
        )
    raise UserError("no node is a control plane", hint="add role: control-plane to one node")


def _write(project: Project, profile: Profile, *, only_check: bool) -> int:
    wanted = machines_files(profile)
    folder = f"values/{profile.name}/machines"
    plan = make_plan(wanted, read_present(project.root, wanted, [folder]))
    if only_check:
        click.echo(describe(plan) or f"{len(plan.entries)} files are as generated\n", nl=False)
        return 1 if plan.changes else 0
    apply(project.root, plan)
    for entry in plan.changes:
        click.echo(f"{entry.action.value}: {entry.path}")
    click.echo(f"{len(plan.entries)} files, {len(plan.changes)} changed; next: {folder}/README.md")
    return 0


def _join_commands(site: Site) -> str:
    first = site.machines[0]
    return (
        f"# on {first.name} ({first.address}), as root: a join file with a fresh token\n"
        f"{join_file_command(first)}\n"
        "# copy it to the machine that joins, and there, as root:\n"
        "sh MACHINE.sh --start JOIN-FILE"
    )
