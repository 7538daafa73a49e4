"""What a profile pulls: every image and chart, pinned, with where each comes from and who needs it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from generator.base.layer import Layer
from generator.base.model import Objects

Kind = Literal["image", "chart", "objects"]


@dataclass(frozen=True, order=True)
class Item:
    """One thing to pull. `source` is upstream's name of it, `target` where it is pulled from by this profile.

    `movable` is false where an upstream has no value that says from which registry.
    """

    kind: Kind
    source: str
    target: str
    users: tuple[str, ...]
    movable: bool = True


def inventory(layer: Layer, own: Mapping[str, Iterable[str]]) -> list[Item]:
    """All items, sorted, each once. `own` are the images of our own charts by release, as they are pulled."""
    images = [
        (image.reference, image.moved(layer.registry), bool(image.at), release.name)
        for release in layer.releases
        for image in release.images
    ]
    prefix = f"{layer.registry.rstrip('/')}/" if layer.registry else ""
    images += [(one.removeprefix(prefix), one, True, user) for user, found in own.items() for one in found]
    return sorted([*_grouped(images), *_charts(layer), *_remotes(layer)])


def _grouped(images: list[tuple[str, str, bool, str]]) -> list[Item]:
    users: dict[tuple[str, str, bool], set[str]] = {}
    for source, target, movable, user in images:
        users.setdefault((source, target, movable), set()).add(user)
    return [
        Item("image", source, target, tuple(sorted(who)), m) for (source, target, m), who in users.items()
    ]


def _charts(layer: Layer) -> list[Item]:
    found = []
    for release, chart in layer.charts():
        pinned = f"{chart.reference}:{chart.version}" + (f"@{chart.digest}" if chart.digest else "")
        found.append(Item("chart", pinned, pinned, (release.name,)))
    return found


def _remotes(layer: Layer) -> list[Item]:
    return [
        Item("objects", remote.reference, remote.reference, (release.name,))
        for release in layer.releases
        if isinstance(release.source, Objects)
        for remote in release.source.remotes
    ]
