"""Files that the chart carries: the list of metrics, the dashboards."""

from __future__ import annotations

import json
from pathlib import PurePosixPath

from generator.components.gpu_monitoring.dashboards import DASHBOARDS
from generator.components.gpu_monitoring.metrics import metrics_csv
from generator.output.plan import FileSet, mark

SOURCE = "generator/components/gpu_monitoring"
MARK = "generated"
"""Key of a dashboard's file that Grafana does not get."""


def generated_files(chart: PurePosixPath) -> FileSet:
    """By path, in the folder of the chart."""
    files = {chart / "files/dcgm-metrics.csv": f"# {mark(f'{SOURCE}/metrics.py')}\n{metrics_csv()}"}
    for one in DASHBOARDS:
        content = {MARK: mark(f"{SOURCE}/dashboards/{one.name}.py"), **one.json()}
        files[chart / f"files/dashboards/{one.name}.json"] = json.dumps(content, indent=1) + "\n"
    return files
