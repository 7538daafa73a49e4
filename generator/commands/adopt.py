"""`labhelm adopt`: take objects that are in the cluster already into the release."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import click

from generator.adoption.survey import Survey
from generator.adoption.verdicts import Found, Owner, Verdict
from generator.cluster.helm import Helm, Values
from generator.cluster.manifests import Manifest, parse
from generator.commands.arguments import one_profile, valid_profile
from generator.commands.target import Target, cluster_options, release_options, tools_for
from generator.errors import EXIT_COMMAND
from generator.generation import values_text
from generator.profile.model import Profile
from generator.project import Project, find_project

_SHOWN = 8
"""Changes of one object that are told; of a ConfigMap with a program inside there may be many."""


@click.command(name="adopt")
@one_profile
@cluster_options
@release_options
@click.option("--apply", "really", is_flag=True, help="Do it; without this, only tell.")
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
    really: bool,
) -> None:
    """Take over what the cluster has already of PROFILE's platform.

    Namespaces, volumes, claims, classes and ConfigMaps get what the profile
    says of them and become the release's own. They are never deleted or made
    anew: no data moves. Without --apply it only tells what would change.
    Where one object is refused, none is taken.
    """  # fmt: skip
    target = Target(local, kind, context, kubeconfig)
    project = find_project(root)
    checked = valid_profile(project, profile)
    tools = tools_for(target, checked.name)
    survey = Survey(tools.kubectl, Owner(release, namespace))
    with tools.progress.working("comparing the cluster with the profile"):
        wanted = _wanted(project, checked, tools.helm, release, namespace)
        found = survey.look(wanted)
    click.echo("".join(f"{line}\n" for one in found for line in _lines(one)), nl=False)
    chosen = [one for one in found if one.verdict is Verdict.ADOPT]
    if any(one.verdict is Verdict.REFUSED for one in found):
        click.echo("Nothing was changed: mend what cannot be taken over, then run this again.", err=True)
        raise click.exceptions.Exit(EXIT_COMMAND)
    if really:
        survey.adopt(chosen, wanted)
    click.echo(_end(len(chosen), really, release))


def _wanted(project: Project, profile: Profile, helm: Helm, release: str, namespace: str) -> list[Manifest]:
    with TemporaryDirectory(prefix="labhelm-") as folder:
        file = Path(folder) / "values.yaml"
        file.write_text(values_text(profile))
        text = helm.template(
            release, str(project.umbrella), Values((file,)), namespace=namespace, options=("--no-hooks",)
        )
    return parse(text)


def _lines(one: Found) -> list[str]:
    head = f"{one}: {one.verdict}" + (f": {one.reason}" if one.reason else "")
    changes = [f"    {line}" for line in one.changes[:_SHOWN]]
    more = len(one.changes) - _SHOWN
    return [head, *changes, *([f"    and {more} more"] if more > 0 else [])]


def _end(count: int, really: bool, release: str) -> str:
    if not count:
        return "There is nothing to adopt."
    objects = "1 object" if count == 1 else f"{count} objects"
    if really:
        return f"{objects} now belong to release {release}; `labhelm up` goes on with them."
    return f"{objects} to adopt. Nothing was changed; run it again with --apply."
