"""A mistyped key never passes: the schema refuses every one-letter typo, and real helm names it."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft7Validator

from generator.chartdocs.schema import resolve
from tests.render.bases import NAMES, sampler
from tests.render.helm_binary import Helm
from tests.render.samples import Path, Sampler, lookup, map_item, typos


def sections(
    makes: Sampler, value: Any, part: Any = None, path: Path = ()
) -> Iterator[tuple[Path, list[str]]]:
    """Every place with fixed keys in a whole value, and those keys."""
    definitions = makes.schema.get("definitions", {})
    full = resolve(makes.schema if part is None else part, definitions)
    if "properties" in full:
        yield path, list(full["properties"])
        for key, below in full["properties"].items():
            yield from sections(makes, value.get(key), below, (*path, key))
    elif isinstance(value, dict) and (item := map_item(full)) is not None:
        for key, below in value.items():
            yield from sections(makes, below, item, (*path, key))
    elif isinstance(value, list) and isinstance(full.get("items"), dict):
        for number, below in enumerate(value):
            yield from sections(makes, below, full["items"], (*path, number))


@pytest.mark.parametrize("chart", NAMES)
def test_the_schema_refuses_every_one_letter_typo_of_every_key(chart: str) -> None:
    makes = sampler(chart)
    validator = Draft7Validator(makes.schema)
    whole = makes.whole()
    tried = 0
    for path, keys in sections(makes, whole):
        words = {word for key in keys for word in typos(key)} - set(keys)
        mistyped = copy.deepcopy(whole)
        lookup(mistyped, path).update(dict.fromkeys(words, 0))
        refused = {
            word
            for error in validator.iter_errors(mistyped)
            if error.validator == "additionalProperties" and tuple(error.absolute_path) == path
            for word in set(error.instance) - set(error.schema["properties"])
        }
        assert words <= refused, f"{chart}: at {path} these pass: {sorted(words - refused)}"
        tried += len(words)
    assert tried > 500


@pytest.mark.parametrize("chart", NAMES)
def test_helm_names_a_typo_of_every_key(chart: str, helm: Helm) -> None:
    """One run with one typo beside each key, all named."""
    makes = sampler(chart)
    whole = makes.whole()
    wanted = set()
    for path, keys in list(sections(makes, whole)):
        for number, key in enumerate(keys):
            words = [word for word in typos(key) if word not in keys]
            word = words[number % len(words)]
            lookup(whole, path)[word] = 0
            wanted.add(word)
    said = helm.refusal(chart, whole)
    assert {word for word in wanted if word not in said} == set()


@pytest.mark.parametrize("chart", NAMES)
def test_helm_names_a_single_typo_with_its_place(chart: str, helm: Helm) -> None:
    said = helm.refusal(chart, set=["global.gpu.resourceNmae=x"])
    assert "resourceNmae" in said
    assert "global" in said
    assert "gpu" in said


@pytest.mark.parametrize("chart", NAMES)
def test_helm_refuses_a_typo_through_the_umbrella_even_when_the_chart_is_off(chart: str, helm: Helm) -> None:
    assert "enabeld" in helm.refusal("umbrella", set=[f"{chart}.enabeld=true"])
    assert f"{chart}x" in helm.refusal("umbrella", set=[f"{chart}x.enabled=true"])
