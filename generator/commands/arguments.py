"""Arguments and habits that several commands share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click
from click.shell_completion import CompletionItem

from generator.checking import Checked, check_file
from generator.errors import UserError
from generator.profile.loader import load
from generator.profile.model import Profile
from generator.project import Project, find_project

F = TypeVar("F", bound=Callable[..., Any])


def complete_profile(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Names of the project's profiles, for the shell."""
    del param
    try:
        names = [path.stem for path in find_project(_root(ctx)).profiles()]
    except UserError:
        return []
    return [CompletionItem(name) for name in names if name.startswith(incomplete)]


def _root(ctx: click.Context) -> Path:
    root = ctx.find_root().params.get("root")
    return root if isinstance(root, Path) else Path()


def one_profile(function: F) -> F:
    """The argument PROFILE: a name or a file."""
    return click.argument("profile", shell_complete=complete_profile)(function)


def many_profiles(function: F) -> F:
    """The arguments [PROFILE]...: none means all."""
    return click.argument("profiles", nargs=-1, metavar="[PROFILE]...", shell_complete=complete_profile)(
        function
    )


def allow_data_move(function: F) -> F:
    """The flag --allow-data-move."""
    return click.option(
        "--allow-data-move",
        is_flag=True,
        help="Go on where Kubernetes would refuse, or data would stay behind.",
    )(function)


def read_profiles(project: Project, names: Sequence[str]) -> list[Checked]:
    """Check the named profiles, or all. Raises UserError when there is nothing to check."""
    paths = [project.profile(name) for name in names] or project.profiles()
    if not paths:
        raise UserError(
            "there is no profile in profiles/", hint="write profiles/lab.yaml; docs/tutorial shows how"
        )
    return [check_file(path, project.shown(path)) for path in paths]


def report(checked: Sequence[Checked], output: str = "text") -> str:
    """All diagnostics of the files in one of the reporters' formats."""
    from generator.diagnostics.reporters import REPORTERS

    found = [diagnostic for one in checked for diagnostic in one.diagnostics]
    return REPORTERS[output](found, {one.file: one.text for one in checked})


def valid_profiles(checked: Sequence[Checked]) -> list[Profile]:
    """The profiles; prints every diagnostic and exits with 2 when one of them is an error."""
    if any(one.diagnostics for one in checked):
        click.echo(report(checked), err=True, nl=False)
    profiles = [one.profile for one in checked if one.profile is not None]
    if len(profiles) < len(checked):
        raise click.exceptions.Exit(2)
    return profiles


def valid_profile(project: Project, name: str) -> Profile:
    """One profile by name or file, checked."""
    return valid_profiles(read_profiles(project, [name]))[0]


def profile_name(path: Path) -> str:
    """The profile's name, also of one that has faults by now: what was installed must be removable."""
    tree = load(str(path), path.read_bytes()).tree
    name = tree.value.get("name") if tree else None
    return name if isinstance(name, str) else path.stem
