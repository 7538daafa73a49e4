"""NAM101: two things of one kind have the same name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from generator.profile.model import Profile
from generator.rules.base import Finding, Names, Path


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding for the second and each later use of a name."""
    yield from repeats("node", ((("nodes", i, "name"), node.name) for i, node in enumerate(profile.nodes)))
    yield from repeats("team", ((("teams", i, "name"), team.name) for i, team in enumerate(profile.teams)))
    yield from repeats(
        "namespace",
        (
            (("teams", i, "namespace" if team.namespace else "name"), team.team_namespace)
            for i, team in enumerate(profile.teams)
        ),
    )
    choices = profile.jupyterhub.profiles if profile.jupyterhub else []
    yield from repeats(
        "JupyterHub profile",
        ((("jupyterhub", "profiles", i, "name"), choice.name) for i, choice in enumerate(choices)),
    )


def repeats(kind: str, uses: Iterable[tuple[Path, str]]) -> Iterator[Finding]:
    """Findings for all but the first use of each text, pointing back at the first."""
    first: dict[str, Path] = {}
    for path, text in uses:
        if first.setdefault(text, path) != path:
            yield Finding(
                path,
                f"the {kind} {text!r} is there twice",
                "give each its own",
                related=((first[text], "first used here"),),
            )
