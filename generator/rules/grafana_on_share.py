"""BAS101: Grafana's database on a network share."""

from __future__ import annotations

from collections.abc import Iterator

from generator.base.needed import database_class
from generator.profile.model import Profile
from generator.rules.base import Finding, Names
from generator.rules.hub_database_on_share import SHARES


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding when Grafana's volume is of a class whose locks SQLite cannot trust."""
    grafana = profile.monitoring.grafana if profile.monitoring else None
    if grafana is None or grafana.persistence is None:
        return
    name = database_class(profile, grafana.storage_class)
    made_by = profile.storage.classes.get(name)
    if made_by is not None and made_by.type in SHARES:
        named = grafana.storage_class is not None
        yield Finding(
            ("monitoring", "grafana", "class" if named else "persistence"),
            f"Grafana keeps one SQLite file; on class {name} ({made_by.type}) it breaks one day",
            "add a class of type local-path or longhorn, and name it with monitoring.grafana.class",
            related=((("storage", "classes", name), "the class"),),
        )
