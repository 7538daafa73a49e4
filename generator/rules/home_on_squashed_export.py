"""HUB104: a class on an export that squashes root makes homes that nobody may write to."""

from __future__ import annotations

from collections.abc import Iterator

from generator.profile.model import Profile
from generator.profile.storage_classes import NfsClass, NfsSubdirClass
from generator.rules.base import Finding, Names


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding when root, squashed, would make the users' homes."""
    hub = profile.jupyterhub
    if hub is None or hub.home.volume:
        return
    name = hub.home.storage_class or profile.storage.default or ""
    made_by = profile.storage.classes.get(name)
    if isinstance(made_by, NfsClass | NfsSubdirClass) and made_by.root_squash:
        path = ("jupyterhub", "home", "class") if hub.home.storage_class else ("jupyterhub",)
        yield Finding(
            path,
            f"class {name} makes each home as root, whom the export turns into nobody: users cannot write",
            "export with no_root_squash, or take home: {volume} with an nfs volume that user 1000 owns",
            on_key=path == ("jupyterhub",),
            related=((("storage", "classes", name, "rootSquash"), "the export"),),
        )
