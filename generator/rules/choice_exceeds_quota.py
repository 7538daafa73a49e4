"""HUB108: a choice is larger than all that the team may have."""

from __future__ import annotations

from collections.abc import Iterator

from generator.profile.model import Profile
from generator.quantities import bytes_of, millicores
from generator.rules.base import Finding, Names


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding for each choice that the quota refuses even as the only notebook."""
    hub = profile.jupyterhub
    at = [(i, team) for i, team in enumerate(profile.teams) if hub and team.name == hub.team and team.quota]
    if hub is None or not at:
        return
    position, team = at[0]
    quota = team.quota
    assert quota is not None
    limits = {
        "cpu": millicores(quota.cpu) if quota.cpu else None,
        "memory": bytes_of(quota.memory) if quota.memory else None,
        "gpus": quota.gpus,
    }
    for index, choice in enumerate(hub.profiles):
        asked = {"cpu": millicores(choice.cpu), "memory": bytes_of(choice.memory), "gpus": choice.gpus}
        for key, amount in asked.items():
            limit = limits[key]
            if limit is not None and amount > limit:
                yield Finding(
                    ("jupyterhub", "profiles", index, key),
                    f"{choice.name} asks for more {key} than team {team.name} may have in all",
                    "make the choice smaller or the quota larger",
                    related=((("teams", position, "quota", key), "the quota"),),
                )
