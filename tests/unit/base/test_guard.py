"""Our values are right: known to the upstream's defaults or schema, and a wrong key path would be found."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from generator.base.guard import FREE, faults
from generator.base.layer import Release
from generator.overriding import overlay
from tests.unit.base.samples import layers, recorded

Path_ = tuple[str, ...]
MUTATIONS = 2000


def releases() -> list[tuple[str, Release]]:
    """Every upstream chart of every profile whose default values are recorded."""
    found = [(name, one) for name, layer in layers().items() for one, _ in layer.charts()]
    return [(name, one) for name, one in found if one.defaults]


def test_every_upstream_with_recorded_values_is_used(upstream: Path) -> None:
    used = {one.defaults for _, one in releases()}
    recorded = {path.name for path in (upstream / "defaults").iterdir()} - {"daskhub.values.yaml"}
    assert used == recorded


def test_every_key_path_is_known(upstream: Path) -> None:
    found = [
        f"{name}: {one.key}: {fault}"
        for name, one in releases()
        for fault in faults(one.values, recorded(upstream, one.defaults), one.optional)
    ]
    assert found == []


def test_every_schema_accepts_the_values_over_the_defaults(upstream: Path) -> None:
    checked = set()
    for name, one in releases():
        if one.schema:
            schema = json.loads((upstream / one.schema).read_text())
            merged = overlay(recorded(upstream, one.defaults), one.values)
            wrong = [error.message for error in Draft7Validator(schema).iter_errors(merged)]
            assert not wrong, f"{name}: {one.key}: {wrong}"
            checked.add(one.key)
    assert checked == {"cert-manager", "jupyterhub", "metallb", "rancher", "traefik"}


def key_paths(values: dict[str, Any], path: Path_ = ()) -> Iterator[Path_]:
    """All key paths but those whose keys are the user's own."""
    for key, value in values.items():
        yield (*path, key)
        if isinstance(value, dict) and key not in FREE:
            yield from key_paths(value, (*path, key))


def misspelt(key: str, chance: random.Random) -> str:
    """One letter left out, doubled, or of the other case."""
    place = chance.randrange(len(key))
    letter = key[place]
    ways = (key[:place] + key[place + 1 :], key[:place] + letter + key[place:], key.swapcase())
    wrong = chance.choice(ways)
    return wrong if wrong not in ("", key) else f"{key}x"


def renamed(values: dict[str, Any], path: Path_, new: str) -> dict[str, Any]:
    """The values with one key called otherwise."""
    key, *rest = path
    if not rest:
        return {(new if one == key else one): value for one, value in values.items()}
    return {**values, key: renamed(values[key], tuple(rest), new)}


def test_99_of_100_misspelt_key_paths_are_found(upstream: Path) -> None:
    chance = random.Random(1)
    places = [(one, path) for _, one in releases() for path in key_paths(one.values)]
    missed = []
    for _ in range(MUTATIONS):
        one, path = chance.choice(places)
        broken = renamed(one.values, path, misspelt(path[-1], chance))
        if not any(faults(broken, recorded(upstream, one.defaults), one.optional)):
            missed.append((one.key, path))
    assert len(missed) <= MUTATIONS // 100, missed


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"crd": {"enabled": True}}, "crd: the chart has no such key; did you mean crds?"),
        ({"crds": {"enabled": "false"}}, "crds.enabled: this is a text, the chart has true or false"),
        ({"crds": True}, "crds: this is true or false, the chart has a map"),
        ({"name": {"a": 1}}, "name: the chart has a text here, no map"),
        ({"labels": {"any": "thing"}, "port": "8080"}, ""),
    ],
)
def test_what_it_says(values: dict[str, Any], message: str) -> None:
    known = {"crds": {"enabled": False}, "name": "x", "labels": {}, "port": 80}
    assert "".join(map(str, faults(values, known))) == message
