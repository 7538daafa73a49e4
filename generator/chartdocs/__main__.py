"""`python -m generator.chartdocs` writes the generated files of the charts, for who works on a chart."""

from __future__ import annotations

from pathlib import Path

from generator.chartdocs import charts_files, managed
from generator.components import COMPONENTS
from generator.output.plan import make_plan
from generator.output.writer import apply, read_present

ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    """Write and say what changed."""
    wanted = charts_files(COMPONENTS, ROOT)
    plan = make_plan(
        wanted, read_present(ROOT, wanted, [path for path in managed() if (ROOT / path).exists()])
    )
    apply(ROOT, plan)
    for entry in plan.changes:
        print(f"{entry.action.value}: {entry.path}")


main()
