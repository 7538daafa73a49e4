"""The generated files of one chart."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Protocol

from generator.chartdocs.fields import keys_of
from generator.chartdocs.readme import readme
from generator.chartdocs.schema import text, values_schema
from generator.chartdocs.values_text import values_text
from generator.model import Model
from generator.output.plan import FileSet, mark
from generator.output.render import render

CHARTS = PurePosixPath("charts/umbrella/charts")


class Chart(Protocol):
    """What makes a chart's documents: a component of the umbrella, or a release of its own."""

    @property
    def name(self) -> str:
        """Name of the chart and of its folder."""
        ...

    @property
    def description(self) -> str:
        """One line."""
        ...

    @property
    def values(self) -> type[Model]:
        """Root of its values."""
        ...


def chart_files(
    chart: Chart, *, has_notes: bool, charts: PurePosixPath = CHARTS, introduction: str = ""
) -> FileSet:
    """Values, schema, README, shared helpers; `has_notes`: the chart has a templates/_notes.tpl."""
    name, source = chart.name, source_of(chart)
    schema = values_schema(chart.values, source, name, chart.description)
    keys = keys_of(schema)
    folder = charts / name
    return {
        folder / "values.yaml": values_text(keys, [mark(source), f"{name}: {chart.description}"]),
        folder / "values.schema.json": text(schema),
        folder / "README.md": readme(
            mark=mark(source),
            name=name,
            description=chart.description,
            keys=keys,
            introduction=introduction,
        ),
        folder / "templates" / "_common.tpl": render(
            "common.tpl.j2",
            mark=mark("generator/output/templates/common.tpl.j2"),
            chart=name,
            has_namespace="namespace" in chart.values.model_fields,
            has_notes=has_notes,
        ),
    }


def source_of(chart: Chart) -> str:
    """The file that a reader edits to change the chart's values."""
    return chart.values.__module__.replace(".", "/") + ".py"
