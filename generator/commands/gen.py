"""`labhelm gen`: profiles become values and documents; or is the tree what they would become?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePosixPath

import click

from generator.checking import Checked
from generator.commands.arguments import allow_data_move, many_profiles, read_profiles, valid_profiles
from generator.generation import MANAGED, all_files, profile_files
from generator.output.plan import Plan, make_plan, merge
from generator.output.writer import apply, describe, read_present
from generator.profile.model import Profile
from generator.project import Project, find_project


@click.command(name="gen")
@many_profiles
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 when a file is not as generated.")
@click.option("--diff", is_flag=True, help="Write nothing; print what would change.")
@allow_data_move
@click.pass_obj
def command(root: Path, profiles: tuple[str, ...], check: bool, diff: bool, allow_data_move: bool) -> int:
    """Turn profiles (all by default) into values, and the models into charts' documents.

    Files that nothing makes any more are deleted, if they carry our mark.
    All files are written, or none; none as well when Kubernetes would refuse
    the change, or data would stay behind.
    """
    project = find_project(root)
    checked = read_profiles(project, profiles)
    plan = _plan(project, valid_profiles(checked), only_these=bool(profiles))
    if check or diff:
        return _show(plan, check=check)
    if not allow_data_move:
        _stop_at_data_moves(plan, checked)
    apply(project.root, plan)
    for entry in plan.changes:
        click.echo(f"{entry.action.value}: {entry.path}")
    click.echo(f"{len(plan.entries)} files, {len(plan.changes)} changed")
    return 0


def _stop_at_data_moves(plan: Plan, checked: Sequence[Checked]) -> None:
    """Where values of a profile change, look at what they were."""
    old = {entry.path: entry.old for entry in plan.changes if entry.old is not None}
    changed = [(old[path], one) for one in checked if (path := _values_of(one)) in old]
    if changed:
        # Imported here: most runs change no values, and shall be quick.
        from generator.upgrades.gate import parsed_values, stop_at_data_moves

        stop_at_data_moves((parsed_values(text), one) for text, one in changed)


def _values_of(one: Checked) -> PurePosixPath:
    assert one.profile is not None  # the plan was made of it
    return PurePosixPath(f"values/{one.profile.name}.yaml")


def _plan(project: Project, profiles: Sequence[Profile], *, only_these: bool) -> Plan:
    """All files of the tree; of named profiles only their own, and nothing is pruned."""
    if only_these:
        own = merge(profile_files(profile) for profile in profiles)
        return make_plan(own, read_present(project.root, own))
    # Imported here: one profile alone needs none of it, and shall be quick.
    from generator.documents import own_files

    wanted = all_files(profiles, own_files(project.root))
    return make_plan(wanted, read_present(project.root, wanted, MANAGED))


def _show(plan: Plan, *, check: bool) -> int:
    if not check:
        click.echo(plan.diff(), nl=False)
        return 0
    if not plan.changes:
        click.echo(f"{len(plan.entries)} files are as generated")
        return 0
    click.echo(describe(plan), nl=False)
    click.echo(
        f"{len(plan.changes)} of {len(plan.entries)} files are not as generated: run make gen", err=True
    )
    return 1
