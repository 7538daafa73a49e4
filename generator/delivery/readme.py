"""README of a profile's base folder: what is installed in which order, and how."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.base.model import Chart, OwnChart
from generator.base.waves import wave_of
from generator.delivery.paths import base_folder
from generator.delivery.plan import keys_of
from generator.output.render import render

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.base.layer import Layer, Release
    from generator.profile.base import Delivery


def readme(layer: Layer, delivery: Delivery | None, sentence: str) -> str:
    """Markdown for people."""
    return render(
        "base-readme.md.j2",
        sentence=sentence,
        name=layer.name,
        folder=base_folder(layer.name),
        rows=list(_rows(layer)),
        secrets=[
            (secret.name, secret.namespace or one.namespace.name, ", ".join(keys_of(secret)))
            for one in layer.releases
            for secret in one.secrets
        ],
        engines=delivery.engines if delivery else [],
    )


def _rows(layer: Layer) -> Iterator[tuple[str, str, str, str, str]]:
    for number, releases in layer.waves.items():
        wave = wave_of(number)
        for release in releases:
            yield wave.name, release.title, _version(release), release.namespace.name, wave.why


def _version(release: Release) -> str:
    match release.source:
        case Chart() as chart:
            return f"{chart.name} {chart.version}"
        case OwnChart() as own:
            return own.path
    return f"objects/{release.key}"
