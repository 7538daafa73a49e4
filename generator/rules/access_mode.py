"""STO102: the volume's storage cannot be mounted in the way that is asked for."""

from __future__ import annotations

from collections.abc import Iterator

from generator.profile.model import Profile
from generator.profile.storage import possible_access
from generator.profile.volumes import Volume
from generator.rules.base import Finding, Names


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding for each access mode that the kind of storage does not have."""
    one_node = len(profile.nodes) == 1
    for name, volume in profile.storage.volumes.items():
        possible = possible_access(volume, profile.storage.classes)
        # On one machine, all pods see its directories: hostPath can be shared there.
        if volume.access is None or volume.access in possible or (one_node and volume.host_path):
            continue
        yield Finding(
            ("storage", "volumes", name, "access"),
            f"{_kind(profile, volume)} cannot be {volume.access}",
            f"it can be {' or '.join(possible)}; for several nodes use nfs, smb or a shared class",
        )


def _kind(profile: Profile, volume: Volume) -> str:
    kind = volume.given_sources()[0]
    if kind != "storage_class":
        name = Volume.model_fields[kind].alias or kind
        return f"{'an' if name[0] in 'aeiou' else 'a'} {name} volume"
    storage_class = profile.storage.classes.get(volume.storage_class or "")
    return f"a volume of class {volume.storage_class} ({storage_class.type if storage_class else 'unknown'})"
