"""HUB105: a home stays on the node where it was first used."""

from __future__ import annotations

from collections.abc import Iterator

from generator.profile.model import Profile
from generator.profile.storage_classes import LocalPathClass
from generator.rules.base import Finding, Names


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding for each choice on another node than an earlier one, when homes cannot move."""
    hub = profile.jupyterhub
    if hub is None or hub.home.volume:
        return
    name = hub.home.storage_class or profile.storage.default or ""
    if not isinstance(profile.storage.classes.get(name), LocalPathClass):
        return
    tied = [(index, choice) for index, choice in enumerate(hub.profiles) if choice.node]
    for index, choice in tied[1:]:
        first, other = tied[0]
        if choice.node != other.node:
            yield Finding(
                ("jupyterhub", "profiles", index, "node"),
                f"homes of class {name} stay where they were first used:"
                f" who began on {other.node} never starts on {choice.node}",
                "take a class that all nodes reach, such as nfs or longhorn",
                related=((("jupyterhub", "profiles", first, "node"), "the other node"),),
            )
