"""plan.yaml: every release in order, with what must hold before the next; `labhelm up` goes by the same."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from generator.base.layer import Layer, Release
from generator.base.model import Chart, OwnChart, Ready, SecretWish
from generator.base.waves import wave_of
from generator.delivery.paths import objects_folder, values_file


def plan_document(layer: Layer) -> dict[str, Any]:
    """Waves with their releases."""
    return {
        "profile": layer.name,
        "waves": [
            {
                "wave": number,
                "name": wave_of(number).name,
                "why": wave_of(number).why,
                "releases": [_release(layer.name, one) for one in releases],
            }
            for number, releases in layer.waves.items()
        ],
    }


def _release(name: str, release: Release) -> dict[str, Any]:
    out = {"release": release.name, "namespace": release.namespace.name, **_source(name, release)}
    if release.needs:
        out["needs"] = list(release.needs)
    if release.secrets:
        out["secrets"] = [
            {"name": one.name, "namespace": one.namespace or release.namespace.name, "keys": keys_of(one)}
            for one in release.secrets
        ]
    if release.ready:
        out["ready"] = [_ready(one) for one in release.ready]
    return out


def keys_of(secret: SecretWish) -> list[str]:
    """All keys that it must have."""
    return [*secret.keys, *secret.copied]


def _source(name: str, release: Release) -> dict[str, Any]:
    match release.source:
        case Chart() as chart:
            pin = {"digest": chart.digest} if chart.digest else {}
            where = {"chart": chart.reference, "version": chart.version, **pin}
            return {**where, "values": values_file(name, release)}
        case OwnChart() as own:
            return {"chart": own.path, "values": values_file(name, release)}
    return {"objects": objects_folder(name, release)}


def _ready(ready: Ready) -> dict[str, Any]:
    """`crds: {names: [...]}` and the like."""
    kind = type(ready).__name__
    fields = {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(ready).items()}
    return {kind[0].lower() + kind[1:]: fields}
