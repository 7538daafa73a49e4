"""`labhelm machines PROFILE`: what prepares the machines of a profile, and runs it on them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import click

from generator.cluster.runner import SystemRunner
from generator.commands.arguments import one_profile, valid_profile
from generator.errors import UserError
from generator.machines.cluster import Site, site_of, without_address
from generator.machines.files import machine_scripts, machines_files
from generator.machines.guide import join_file_command
from generator.machines.running.bringup import Wish
from generator.machines.running.session import Session
from generator.machines.running.ssh import SshRemote
from generator.output.plan import make_plan
from generator.output.writer import apply, describe, read_present
from generator.profile.model import Profile
from generator.project import Project, find_project
from generator.toolchain.progress import RichProgress

_NEW_FILE = click.Path(dir_okay=False, path_type=Path)
_CONFIG_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(name="machines")
@one_profile
@click.argument("kubeadm_options", nargs=-1, metavar="[-- KUBEADM-OPTIONS]", type=click.UNPROCESSED)
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 when a file is not as generated.")
@click.option("--join-token", is_flag=True, help="Print the commands that make a fresh join token.")
@click.option("--run", is_flag=True, help="Do it: log in by ssh, show what would change, ask, change.")
@click.option("--apply", "at_once", is_flag=True, help="With --run: change without a question.")
@click.option("--machine", "only", multiple=True, help="With --run: this one only; may be repeated.")
@click.option("--user", default="", help="With --run: who logs in, instead of your ssh config's user.")
@click.option("--ssh-config", type=_CONFIG_FILE, help="With --run: this file instead of ~/.ssh/config.")
@click.option("--packages", default="", help="With --run: upstream, distribution, none or a folder there.")
@click.option(
    "--firewall", is_flag=True, help="With --run: open the ports of each machine, close all others."
)
@click.option("--ignore-checks", is_flag=True, help="With --run: go on where a check of a machine fails.")
@click.option("--kubeconfig", type=_NEW_FILE, help="With --run: write the administrator's (secret) there.")
@click.option("--timeout", default=900, show_default=True, help="With --run: seconds for one step.")
@click.pass_obj
def command(
    root: Path,
    profile: str,
    kubeadm_options: tuple[str, ...],
    check: bool,
    join_token: bool,
    run: bool,
    at_once: bool,
    only: tuple[str, ...],
    user: str,
    ssh_config: Path | None,
    packages: str,
    firewall: bool,
    ignore_checks: bool,
    kubeconfig: Path | None,
    timeout: int,
) -> int:
    """Write scripts and configs that prepare the machines of PROFILE, to values/<name>/machines/.

    Each script shows what it would change until it is given --apply. The order is in the README beside them.

    With --run all of it is done from here, by ssh, machine by machine in their joining order. What is
    as wanted is passed by; after a failure or an interruption the same command goes on.
    """
    needs_run = (
        at_once,
        only,
        user,
        ssh_config,
        packages,
        firewall,
        ignore_checks,
        kubeconfig,
        kubeadm_options,
    )
    _check_options(run, check or join_token, any(needs_run))
    project = find_project(root)
    checked = valid_profile(project, profile)
    site = _site(checked)
    if run:
        script_options = (*(("--packages", packages) if packages else ()), *(("--firewall",) * firewall))
        wish = Wish(script_options, kubeadm_options, ignore_checks)
        remote = SshRemote(SystemRunner(), machine_scripts(checked), timeout, user, ssh_config)
        return Session(remote, site, wish, RichProgress(), _asking(at_once), kubeconfig).run(only)
    if join_token:
        click.echo(_join_commands(site))
        return 0
    return _write(project, checked, only_check=check)


def _check_options(run: bool, without_run: bool, needs_run: bool) -> None:
    if run and without_run:
        raise UserError(
            "--check and --join-token do not go with --run", hint="--run makes join tokens itself"
        )
    if needs_run and not run:
        raise UserError("this needs --run", hint="labhelm machines --help tells which options go with it")


def _asking(at_once: bool) -> Callable[[str], bool]:
    """Whether machines may be changed: yes with --apply, else a person decides, where there is one."""

    def may_change(what: str) -> bool:
        if at_once:
            return True
        if sys.stdin.isatty():
            return click.confirm(f"Change {what}?")
        click.echo(f"would change {what}; to do it: the same command with --apply")
        return False

    return may_change


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
        "sh MACHINE.sh --start JOIN-FILE\n"
        "# or let labhelm do both by ssh; then the token is in no file:\n"
        f"labhelm machines {site.profile.name} --run --machine MACHINE"
    )
