"""KUB104: Kubeflow's notebooks do not start in a team's namespace."""

from __future__ import annotations

from collections.abc import Iterator

from generator.profile.model import Profile
from generator.rules.base import Finding, Names


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding for each team whose pods must keep to Pod Security restricted."""
    if profile.kubeflow is None:
        return
    for index, team in enumerate(profile.teams):
        if team.pod_security == "restricted":
            yield Finding(
                ("teams", index),
                f"Kubeflow's notebooks and pipelines do not start in {team.team_namespace}: "
                "they do not keep to Pod Security restricted",
                "add podSecurity: baseline to the team",
                related=((("kubeflow",), "Kubeflow"),),
            )
