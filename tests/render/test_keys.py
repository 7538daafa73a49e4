"""Models and templates agree: what a template reads is in the model, each key of the model does something.

That a key does something is shown by rendering: with another value for it, the output is another.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.chartdocs.schema import resolve
from tests.render.bases import NAMES, bases, sampler
from tests.render.helm_binary import ROOT, UMBRELLA, Helm
from tests.render.samples import Sampler, leaves, lookup, map_item, model_path, with_value
from tests.render.template_reads import Read, reads_of
from tests.render.variants import REFUSED, render_variants

EXCEPTIONS: dict[str, dict[str, dict[str, str]]] = yaml.safe_load(
    (ROOT / "tests/render/exceptions.yaml").read_text()
)
# The toggle is Helm's condition and `global` belongs to all charts: both are looked at in tests of their own.
SHARED = ("enabled", "global.")
OF_IMAGES = {"repository", "tag", "digest"}
"""Read by _common.tpl, which charts without pods have too."""


@pytest.mark.parametrize("chart", NAMES)
def test_templates_read_only_keys_of_the_model(chart: str) -> None:
    schema = sampler(chart).schema
    found = reads_of(UMBRELLA / "charts" / chart)
    words = found.made | set(_words(schema)) | OF_IMAGES
    wrong = {read.name: read.where for read in found.reads if not _known(read, schema, words)}
    allowed = EXCEPTIONS["unknown"].get(chart, {})
    assert {name: where for name, where in wrong.items() if name not in allowed} == {}
    assert set(allowed) <= set(wrong), "exceptions that are none"


@pytest.mark.parametrize("chart", NAMES)
def test_every_key_of_the_model_changes_the_output(
    chart: str, helms: dict[str, Helm], tmp_path: Path
) -> None:
    makes = sampler(chart)
    open_keys = {model_path(path, makes.schema) for path, _ in leaves(makes, {})}
    open_keys = {key for key in open_keys if not key.startswith(SHARED)}
    for base in bases(chart).values():
        for attempt in range(2):
            open_keys -= _effective(helms["helm4"], chart, makes, base, open_keys, attempt, tmp_path)
    allowed = EXCEPTIONS["unread"].get(chart, {})
    assert "\n".join(sorted(open_keys - set(allowed))) == ""
    assert set(allowed) <= open_keys, "exceptions that are none"


def test_the_exceptions_are_few_and_have_reasons() -> None:
    reasons = [text for kind in EXCEPTIONS.values() for chart in kind.values() for text in chart.values()]
    assert len(reasons) <= 12
    assert all(len(text) > 20 for text in reasons)


def _effective(
    helm: Helm, chart: str, makes: Sampler, base: dict[str, Any], keys: set[str], attempt: int, folder: Path
) -> set[str]:
    """Those of `keys` that change what `base` renders, with another value, a further one at each attempt."""
    variants = {"base": base}
    for path, part in leaves(makes, base):
        key = model_path(path, makes.schema)
        others = makes.others(part, lookup(base, path, part.get("default")))
        value = next(islice(others, attempt, None), None) if key in keys else None
        if value is not None:
            variants[key] = with_value(makes, base, path, value)
    if len(variants) == 1:
        return set()
    texts = render_variants(helm, UMBRELLA / "charts" / chart, variants, folder)
    if texts["base"] == REFUSED:
        return set()
    return {name for name, text in texts.items() if text != texts["base"]}


def _known(read: Read, schema: dict[str, Any], words: set[str]) -> bool:
    return read.name in words if read.place is None else _exists(read.place, schema)


def _exists(place: tuple[str, ...], schema: dict[str, Any]) -> bool:
    part = schema
    for step in place:
        full = resolve(part, schema.get("definitions", {}))
        below = full.get("properties", {}).get(step)
        if below is None and isinstance(full.get("items"), dict):
            below = full["items"]
        if below is None:
            below = map_item(full)
        if below is None:
            return full.get("additionalProperties") is True or full.get("type") not in ("object", None)
        part = below
    return True


def _words(part: Any) -> Iterator[str]:
    """All names of keys in a schema."""
    if isinstance(part, dict):
        if isinstance(part.get("properties"), dict):
            yield from part["properties"]
        for below in part.values():
            yield from _words(below)
    elif isinstance(part, list):
        for below in part:
            yield from _words(below)
