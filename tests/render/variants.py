"""Many renderings of one chart in one run of helm: an umbrella that names the chart many times by alias."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from functools import reduce
from operator import or_
from pathlib import Path
from typing import Any

from generator.output.yaml_text import dump
from tests.render.helm_binary import Helm

_SOURCE = re.compile(r"^# Source: many/charts/(v\d+)/", re.MULTILINE)
_FAULT = re.compile(r"many/charts/(v\d+)/")
_AT_ONCE = 40
_REFUSALS = 2
REFUSED = "refused"


def render_variants(
    helm: Helm, chart: Path, variants: Mapping[str, dict[str, Any]], folder: Path
) -> dict[str, str]:
    """Rendered text by the variants' names; REFUSED where a template says no.

    Values have to be valid by the chart's schema. API versions that the charts ask for are given.
    """
    names = list(variants)
    out: dict[str, str] = {}
    for start in range(0, len(names), _AT_ONCE):
        out |= _batch(helm, chart, {name: variants[name] for name in names[start : start + _AT_ONCE]}, folder)
    return out


def _batch(helm: Helm, chart: Path, variants: Mapping[str, dict[str, Any]], folder: Path) -> dict[str, str]:
    alias = {f"v{number}": name for number, name in enumerate(variants)}
    out: dict[str, str] = {}
    while alias:
        many = _umbrella(chart, list(alias), folder)
        values = {key: variants[name] for key, name in alias.items()}
        result = helm.render(many, values, check=False)
        if result.code == 0:
            return out | _split(result.stdout, alias)
        fault = _FAULT.search(result.stderr)
        assert fault, result.stderr
        out[alias.pop(fault[1])] = REFUSED
        if len(out) == _REFUSALS and len(alias) > 1:  # helm names only the first: many of them go one by one
            single = ({name: variants[name]} for name in alias.values())
            return reduce(or_, (_batch(helm, chart, one, folder) for one in single), out)
    return out


def _umbrella(chart: Path, aliases: list[str], folder: Path) -> Path:
    many = folder / "many"
    shutil.rmtree(many, ignore_errors=True)
    shutil.copytree(chart, many / "charts" / chart.name)
    dependencies = [{"name": chart.name, "version": ">=0.0.0-0", "alias": alias} for alias in aliases]
    meta = {"apiVersion": "v2", "name": "many", "version": "0.1.0", "dependencies": dependencies}
    (many / "Chart.yaml").write_text(dump(meta))
    return many


def _split(text: str, alias: Mapping[str, str]) -> dict[str, str]:
    out = dict.fromkeys(alias.values(), "")
    for document in text.split("---\n"):
        if source := _SOURCE.search(document):
            out[alias[source[1]]] += _SOURCE.sub("# Source: ", document)
    return out
