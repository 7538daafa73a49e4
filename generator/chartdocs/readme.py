"""README.md of a chart: what it is and a table of all its keys."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from generator.chartdocs.fields import MISSING, Key
from generator.components.base import Component
from generator.output.render import environment

_LONG = 60


def readme(
    *,
    mark: str,
    name: str,
    description: str,
    keys: Sequence[Key],
    charts: Iterable[Component] = (),
    umbrella: bool = False,
    introduction: str = "",
) -> str:
    """The text of README.md; `charts` are listed in the umbrella's, `introduction` is Markdown."""
    jinja = environment().overlay()
    jinja.filters |= {"cell": _cell, "default_text": _default_text}
    rows = [key for top in keys for key in top.walk() if not key.children]
    return jinja.get_template("readme.md.j2").render(
        mark=mark,
        name=name,
        description=description,
        keys=rows,
        charts=list(charts),
        umbrella=umbrella,
        introduction=introduction.strip(),
    )


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _default_text(key: Key) -> str:
    if key.required:
        return "required"
    return f"`{_cell(text)}`" if len(text := _json(key.default)) <= _LONG else "see values.yaml"


def _json(value: Any) -> str:
    return "" if value is MISSING else json.dumps(value, ensure_ascii=False)
