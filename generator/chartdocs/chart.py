"""The generated files of one subchart."""

from __future__ import annotations

from pathlib import PurePosixPath

from generator.chartdocs.fields import keys_of
from generator.chartdocs.readme import readme
from generator.chartdocs.schema import text, values_schema
from generator.chartdocs.values_text import values_text
from generator.components.base import Component
from generator.output.plan import FileSet, mark
from generator.output.render import render

CHARTS = PurePosixPath("charts/umbrella/charts")


def chart_files(component: Component, *, has_notes: bool) -> FileSet:
    """Values, schema, README, shared helpers; `has_notes`: the chart has a templates/_notes.tpl."""
    name, source = component.name, source_of(component)
    schema = values_schema(component.values, source, name, component.description)
    keys = keys_of(schema)
    folder = CHARTS / name
    return {
        folder / "values.yaml": values_text(keys, [mark(source), f"{name}: {component.description}"]),
        folder / "values.schema.json": text(schema),
        folder / "README.md": readme(
            mark=mark(source), name=name, description=component.description, keys=keys
        ),
        folder / "templates" / "_common.tpl": render(
            "common.tpl.j2",
            mark=mark("generator/output/templates/common.tpl.j2"),
            chart=name,
            has_namespace="namespace" in component.values.model_fields,
            has_notes=has_notes,
        ),
    }


def source_of(component: Component) -> str:
    """The file that a reader edits to change the chart's values."""
    return component.values.__module__.replace(".", "/") + ".py"
