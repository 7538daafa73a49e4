"""HUB103: the volume of the homes cannot be used by all notebooks."""

from __future__ import annotations

from collections.abc import Iterator

from generator.profile.model import Profile
from generator.rules.base import Finding, Names

AT = ("jupyterhub", "home", "volume")


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding for each reason why a notebook could not mount its home."""
    hub = profile.jupyterhub
    volume = profile.storage.volumes.get(hub.home.volume or "") if hub else None
    if hub is None or volume is None:
        return
    name = hub.home.volume or ""
    here = profile.namespace_of(hub.team)
    there = profile.claim_namespace(profile.claim_of(name, volume))
    related = ((("storage", "volumes", name), "the volume"),)
    places = [node for node in profile.nodes if profile.is_schedulable(node)]
    access = profile.storage.access_of(volume)
    if here != there:
        claim = f"claim: {{team: {hub.team}, name: {name}}}" if hub.team else "no team in its claim"
        message = f"its claim is in {there or _RELEASE}, the notebooks are in {here or _RELEASE}"
        yield Finding(AT, message, f"write {claim}", related=related)
    if access != "ReadWriteMany" and (len(places) > 1 or access != "ReadWriteOnce"):
        message = f"notebooks run on {len(places)} nodes, and the volume is {access}"
        yield Finding(
            AT, message, "take a volume that can be ReadWriteMany, such as nfs or smb", related=related
        )
    if volume.volume_mode == "Block":
        yield Finding(AT, "a raw device has no folders", "take volumeMode: Filesystem", related=related)


_RELEASE = "the release's namespace"
