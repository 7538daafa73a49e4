"""UPG106: a team would get another namespace, and what it made stays in the old one."""

from __future__ import annotations

from collections.abc import Iterator

from generator.rules.base import Finding
from generator.upgrades.base import Change, Values


def check(change: Change) -> Iterator[Finding]:
    """Yield a finding for each team whose namespace is another."""
    before, after = _namespaces(change.old), _namespaces(change.new)
    for index, team in enumerate(change.profile.teams):
        old, new = before.get(team.name), after.get(team.name)
        if old and new and old != new:
            yield Finding(
                ("teams", index, "namespace"),
                f"team {team.name} would move from namespace {old} to {new}",
                "a namespace cannot be renamed: claims, notebooks and jobs stay in the old one. "
                f"Keep namespace: {old}, or move them first",
            )


def _namespaces(values: Values) -> dict[str, str]:
    teams = (values.get("teams") or {}).get("teams") or {}
    return {name: team.get("namespace") or name for name, team in teams.items()}
