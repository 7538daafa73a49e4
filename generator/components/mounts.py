"""Volumes of the profile as mounts of a chart's pods."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from generator.components.fields import VolumeMount

if TYPE_CHECKING:
    from generator.profile.model import Profile
    from generator.profile.volumes import AccessMode
    from generator.profile.workloads import Mount


def volume_mounts(profile: Profile, mounts: Sequence[Mount]) -> dict[str, VolumeMount]:
    """By name; a second mount of a volume gets a number. A missing volume is a rule's finding."""
    found: dict[str, VolumeMount] = {}
    for mount in mounts:
        volume = profile.storage.volumes.get(mount.volume)
        if volume is not None:
            name = mount.volume if mount.volume not in found else f"{mount.volume}-{len(found)}"
            found[name] = _mount(
                mount, profile.storage.access_of(volume), profile.claim_of(mount.volume, volume).name
            )
    return found


def _mount(mount: Mount, access: AccessMode, claim: str) -> VolumeMount:
    return VolumeMount(
        claim=claim,
        mount_path=mount.mount_path,
        sub_path=mount.sub_path,
        read_only=mount.read_only,
        access_mode=access,
    )
