"""A chart that renders something new needs a greater version, as ct demands of pull requests.

Charts are rendered as they were at a git revision and as they are now, both with the values files of then and
of now. What the version itself puts into the output (the label helm.sh/chart) does not count.
"""

from __future__ import annotations

import re
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

import yaml

from generator.cluster.runner import CommandRunner
from generator.errors import CommandError

_PUBLISHED = "origin/main"  # as ci/ct.yaml has it
_NOT_RENDERED = {"README.md", "Chart.yaml"}
_SOURCE = re.compile(r"^# Source: (\S+?)/templates/", re.MULTILINE)
_VERSION_LABEL = re.compile(r"^\s*helm\.sh/chart: .*\n", re.MULTILINE)
_KUBE_VERSION = "1.34.0"
_REFUSED = ""
Rendered = dict[str, str]
"""Rendered text by chart, e.g. `umbrella/charts/dask`; only the key _REFUSED when helm refused."""


def missing_bumps(root: Path, revision: str, helm: Path, runner: CommandRunner) -> list[str]:
    """One line for each chart that renders differently than at `revision` without a greater version."""
    with tempfile.TemporaryDirectory() as folder:
        before = Path(folder)
        _extract(root, revision, before, runner)
        return [line for top in _tops(before) for line in _compare(before, root, top, helm, runner)]


def _compare(before: Path, now: Path, top: str, helm: Path, runner: CommandRunner) -> Iterator[str]:
    if not (now / "charts" / top / "Chart.yaml").is_file():
        return
    for name in sorted(_changed_charts(before, now, top, helm, runner)):
        old, new = (_version(tree / "charts" / name) for tree in (before, now))
        if old and new and not precedence(new) > precedence(old):
            where = "generator/chartdocs/umbrella.py" if name == "umbrella" else f"charts/{name}/Chart.yaml"
            yield f"charts/{name}: renders differently than version {old}; raise the version in {where}"


def _changed_charts(before: Path, now: Path, top: str, helm: Path, runner: CommandRunner) -> set[str]:
    """The top chart and its subcharts that render differently with some values file of then or now."""
    changed: set[str] = set()
    for values in _values_files(before, now, top):
        old, new = (_render(helm, tree / "charts" / top, values, runner) for tree in (before, now))
        changed |= {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}
    if _REFUSED in changed:  # helm names no chart then: each that was touched counts
        changed = (changed - {_REFUSED}) | _touched(before, now, top)
    return changed | {top} if changed else changed


def _touched(before: Path, now: Path, top: str) -> set[str]:
    charts = {
        path.parent for tree in (before, now) for path in (tree / "charts" / top).glob("charts/*/Chart.yaml")
    }
    names = {f"{top}/charts/{chart.name}" for chart in charts}
    return {top} | {
        name for name in names if _sources(before / "charts" / name) != _sources(now / "charts" / name)
    }


def _sources(chart: Path) -> dict[str, bytes]:
    files = (path for path in chart.rglob("*") if path.is_file() and path.name not in _NOT_RENDERED)
    return {str(path.relative_to(chart)): path.read_bytes() for path in files}


def _values_files(before: Path, now: Path, top: str) -> list[Path | None]:
    files = [
        file
        for tree in (before, now)
        for file in sorted((tree / "charts" / top / "ci").glob("*-values.yaml"))
    ]
    return [None, *files]


def _render(helm: Path, chart: Path, values: Path | None, runner: CommandRunner) -> Rendered:
    argv = [str(helm), "template", "release", str(chart), "--kube-version", _KUBE_VERSION]
    argv += ["--set", "global.customResources=always"]
    result = runner.run([*argv, *(["--values", str(values)] if values else [])], check=False)
    if result.code:
        return {_REFUSED: ""}
    rendered: Rendered = {}
    for document in result.stdout.split("\n---\n"):
        if source := _SOURCE.search(document):
            text = _VERSION_LABEL.sub("", document)
            rendered[source[1]] = rendered.get(source[1], "") + text
    return rendered


def precedence(version: str) -> tuple[tuple[int, ...], bool, tuple[tuple[int, int, str], ...]]:
    """Sorts as semver wants it: 0.1.0-rc.1 before 0.1.0. Raises ValueError for what is no semver."""
    core, _, pre = version.split("+")[0].partition("-")
    parts = tuple((0, int(p), "") if p.isdigit() else (1, 0, p) for p in pre.split(".") if p)
    return tuple(int(part) for part in core.split(".")), not pre, parts


def default_base(root: Path, runner: CommandRunner) -> str | None:
    """The revision whose versions are published; None outside of git and in a clone without it."""
    command = ["git", "rev-parse", "--verify", "--quiet", _PUBLISHED]
    try:
        return None if runner.run(command, cwd=str(root), check=False).code else _PUBLISHED
    except CommandError:  # no git on this machine
        return None


def _extract(root: Path, revision: str, target: Path, runner: CommandRunner) -> None:
    archive = target / "charts.tar"
    runner.run(["git", "archive", "--output", str(archive), revision, "charts"], cwd=str(root))
    with tarfile.open(archive) as tar:
        tar.extractall(target, filter="data")


def _tops(tree: Path) -> list[str]:
    return sorted(path.parent.name for path in tree.glob("charts/*/Chart.yaml"))


def _version(chart: Path) -> str:
    file = chart / "Chart.yaml"
    return str(yaml.safe_load(file.read_bytes())["version"]) if file.is_file() else ""
