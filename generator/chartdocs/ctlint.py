"""`make lint` of the charts: ct when it is on PATH, else the same checks by yamale, yamllint and helm.

Run as `python -m generator.chartdocs.ctlint [BASE]`; BASE is a git revision whose versions are published.
"""

from __future__ import annotations

import shlex
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from generator.chartdocs.versions import default_base, missing_bumps
from generator.cluster.runner import CommandRunner, SystemRunner
from generator.errors import LabhelmError
from generator.toolchain import ensure
from generator.toolchain.progress import RichProgress

ROOT = Path(__file__).resolve().parents[2]
CT = ("ct", "lint", "--config", "ci/ct.yaml", "--all")
HELMS = ("helm4", "helm3")


def charts(root: Path) -> list[Path]:
    """The charts that ct finds, each followed by its subcharts, which ct leaves to helm."""
    tops = sorted(path.parent for path in root.glob("charts/*/Chart.yaml"))
    return [
        chart for top in tops for chart in (top, *sorted(p.parent for p in top.glob("charts/*/Chart.yaml")))
    ]


def lint_chart(chart: Path, root: Path, helms: Sequence[Path], runner: CommandRunner) -> Iterator[str]:
    """Every fault of one chart, in ct's order."""
    yield from _chart_yaml_faults(chart / "Chart.yaml", root / "ci/chart_schema.yaml")
    values = sorted((chart / "ci").glob("*-values.yaml"))
    yield from _yaml_faults([chart / "Chart.yaml", chart / "values.yaml", *values], root / "ci/lintconf.yaml")
    for helm in helms:
        # Together with values, --with-subcharts would take the umbrella's values for the subcharts' own.
        for options in (["--with-subcharts"], *(["--values", str(file)] for file in values)):
            yield from _helm_faults(helm, chart, options, runner)


def _chart_yaml_faults(file: Path, schema: Path) -> Iterator[str]:
    import yamale  # type: ignore[import-untyped]  # a tool of developers, not needed by `labhelm`

    try:
        yamale.validate(yamale.make_schema(schema), yamale.make_data(file))
    except yamale.YamaleError as error:
        yield from (f"{file}: {fault}" for result in error.results for fault in result.errors)


def _yaml_faults(files: Iterable[Path], config: Path) -> Iterator[str]:
    from yamllint import linter  # type: ignore[import-untyped]
    from yamllint.config import YamlLintConfig  # type: ignore[import-untyped]

    rules = YamlLintConfig(file=str(config))
    for file in files:
        if not file.is_file():
            yield f"{file}: missing"
            continue
        for problem in linter.run(file.read_text(), rules):
            if problem.level == "error":
                yield f"{file}:{problem.line}:{problem.column}: {problem.desc} ({problem.rule})"


def _helm_faults(helm: Path, chart: Path, options: Sequence[str], runner: CommandRunner) -> Iterator[str]:
    result = runner.run([str(helm), "lint", str(chart), "--strict", *options], check=False)
    if result.code:
        lines = [
            line for line in result.stdout.splitlines() if line.startswith(("[ERROR]", "[WARNING]", "Error"))
        ]
        yield "\n".join([f"{shlex.join(result.argv)}: {result.stderr.strip()}", *lines])


def main(arguments: Sequence[str]) -> int:
    """Print what is wrong; 0 when nothing is."""
    runner, progress = SystemRunner(), RichProgress()
    helms = [ensure(name, runner=runner, progress=progress) for name in HELMS]
    if shutil.which("ct"):
        print("ct lint:", flush=True)
        print(runner.run(CT, cwd=str(ROOT), timeout=600).stdout)
        faults: list[str] = []
    else:
        print("ct is not on PATH: its checks by yamale, yamllint and helm lint")
        faults = [fault for chart in charts(ROOT) for fault in lint_chart(chart, ROOT, helms, runner)]
    base = next(iter(arguments), None) or default_base(ROOT, runner)
    if base:
        faults += missing_bumps(ROOT, base, helms[0], runner)
    else:
        print("there is no origin/main: the charts' versions are not compared with published ones")
    print("\n".join(faults) if faults else f"{len(charts(ROOT))} charts are fine")
    return 1 if faults else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except LabhelmError as failure:
        print(failure, file=sys.stderr)
        sys.exit(failure.exit_code)
