"""HUB106: the hub's database on a network share."""

from __future__ import annotations

from collections.abc import Iterator

from generator.profile.model import Profile
from generator.rules.base import Finding, Names

SHARES = ("nfs", "nfs-subdir", "nfs-trial", "smb")


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding when SQLite would lie on NFS or SMB, whose locks it cannot trust."""
    hub = profile.jupyterhub
    if hub is None:
        return
    named = hub.database.storage_class
    name = named or profile.storage.default or ""
    made_by = profile.storage.classes.get(name)
    if made_by is not None and made_by.type in SHARES:
        path = ("jupyterhub", "database", "class") if named else ("jupyterhub",)
        yield Finding(
            path,
            f"the hub's database is one SQLite file; on class {name} ({made_by.type}) it breaks one day",
            "write database: {class: ...} with a class of local disks or longhorn",
            on_key=not named,
            related=((("storage", "classes", name), "the class"),),
        )
