"""From the models of the charts' values: what Helm checks and what people read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePosixPath

import yaml

from generator.chartdocs.chart import CHARTS, chart_files
from generator.chartdocs.umbrella import umbrella_files
from generator.components import node_prep
from generator.components.base import Component
from generator.components.gpu_monitoring.files import generated_files as gpu_monitoring_files
from generator.output.plan import merge


def charts_files(components: Sequence[Component], root: Path) -> dict[PurePosixPath, bytes]:
    """Every generated file of all charts; of `root` only hand-written files are read.

    A chart without a Chart.yaml is still being written: its own files are made, the umbrella leaves it out.
    """
    versions = {name: version for c in components if (version := _version(root, name := c.name))}
    ready = [component for component in components if component.name in versions]
    return merge(
        [
            *(
                chart_files(c, has_notes=(root / CHARTS / c.name / "templates/_notes.tpl").is_file())
                for c in components
            ),
            umbrella_files(ready, versions),
            gpu_monitoring_files(CHARTS / "gpu-monitoring"),
            chart_files(
                node_prep, has_notes=False, charts=CHARTS.parents[1], introduction=node_prep.introduction
            ),
        ]
    )


def managed() -> tuple[PurePosixPath, ...]:
    """Where a generated file that nothing makes any more is deleted."""
    return (CHARTS,)


def _version(root: Path, name: str) -> str:
    try:
        chart = yaml.safe_load((root / CHARTS / name / "Chart.yaml").read_bytes())
    except FileNotFoundError:
        return ""
    return str(chart["version"])
