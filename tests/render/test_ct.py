"""The checks that ct makes, by its own tools; and the versions that have to grow."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from generator.chartdocs.ctlint import charts, lint_chart
from generator.chartdocs.versions import missing_bumps, precedence
from generator.cluster.runner import SystemRunner
from tests.render.bases import NAMES, PROFILES
from tests.render.helm_binary import ROOT, Helm

RUNNER = SystemRunner()


@pytest.mark.parametrize("chart", charts(ROOT), ids=lambda path: path.name)
def test_ct_finds_no_fault(chart: Path, helms: dict[str, Helm]) -> None:
    programs = [helm.program for helm in helms.values()]
    assert "\n".join(lint_chart(chart, ROOT, programs, RUNNER)) == ""


def test_the_charts_are_found() -> None:
    names = [path.name for path in charts(ROOT)]
    assert names[names.index("umbrella") + 1 :][: len(NAMES)] == sorted(NAMES)


def test_each_profile_is_a_case_of_ct() -> None:
    files = {path.name for path in (ROOT / "charts/umbrella/ci").iterdir()}
    assert files == {f"{profile}-values.yaml" for profile in PROFILES}


def test_ct_reads_the_files_that_its_configuration_names() -> None:
    config = yaml.safe_load((ROOT / "ci/ct.yaml").read_text())
    assert (ROOT / config["lint-conf"]).is_file()
    assert (ROOT / config["chart-yaml-schema"]).is_file()
    assert all((ROOT / folder).is_dir() for folder in config["chart-dirs"])


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The charts and ct's files in a repository of their own."""
    shutil.copytree(ROOT / "charts/umbrella", tmp_path / "charts/umbrella")
    shutil.copytree(ROOT / "ci", tmp_path / "ci", ignore=shutil.ignore_patterns("tools"))
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "base"]):
        subprocess.run([*git, *command], cwd=tmp_path, check=True)
    return tmp_path


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


FAULTS = {
    "an unknown key of Chart.yaml": (
        "Chart.yaml",
        "apiVersion: v2",
        "apiVersion: v2\nmaintainer: me",
        "maintainer",
    ),
    "a space inside braces": (
        "values.yaml",
        "enabled: true",
        "enabled: true\nx: { }",
        "too many spaces inside",
    ),
    "a key given twice": (
        "values.yaml",
        "enabled: true",
        "enabled: true\nenabled: true",
        "duplication of key",
    ),
    "a trailing space": ("values.yaml", "enabled: true", "enabled: true ", "trailing spaces"),
    "a comment without space": (
        "values.yaml",
        "enabled: true",
        "#x\nenabled: true",
        "missing starting space",
    ),
    "a value against the schema": ("values.yaml", "enabled: true", "enabled: 1", "enabled"),
    "a template that does not parse": ("templates/_common.tpl", "{{- end -}}", "{{- fi -}}", "fi"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_faults_are_found(fault: str, copy: Path, helms: dict[str, Helm]) -> None:
    name, old, new, expected = FAULTS[fault]
    chart = copy / "charts/umbrella/charts/dask"
    edit(chart / name, old, new)
    found = "\n".join(lint_chart(chart, copy, [helms["helm4"].program], RUNNER))
    assert expected in found


def test_a_fault_in_a_subchart_is_found_from_the_umbrella(copy: Path, helm: Helm) -> None:
    edit(copy / "charts/umbrella/charts/dask/templates/_common.tpl", "{{- end -}}", "{{- fi -}}")
    assert "\n".join(lint_chart(copy / "charts/umbrella", copy, [helm.program], RUNNER))


def bumps(copy: Path, helms: dict[str, Helm]) -> list[str]:
    return missing_bumps(copy, "HEAD", helms["helm4"].program, RUNNER)


DASK = Path("charts/umbrella/charts/dask")


def test_an_unchanged_tree_needs_no_new_version(copy: Path, helms: dict[str, Helm]) -> None:
    assert bumps(copy, helms) == []


def test_comments_and_readmes_need_no_new_version(copy: Path, helms: dict[str, Helm]) -> None:
    edit(copy / DASK / "values.yaml", "# Render", "# Do render")
    edit(copy / DASK / "README.md", "# dask", "# Dask")
    assert bumps(copy, helms) == []


def test_a_chart_that_renders_differently_needs_a_new_version_and_so_does_the_umbrella(
    copy: Path, helms: dict[str, Helm]
) -> None:
    edit(copy / DASK / "templates/_common.tpl", "part-of: labhelm", "part-of: changed")
    assert [line.split(":")[0] for line in bumps(copy, helms)] == ["charts/umbrella", f"{DASK}"]
    edit(copy / DASK / "Chart.yaml", "version: 0.", "version: 7.")
    edit(copy / "charts/umbrella/Chart.yaml", "version: 0.", "version: 7.")
    assert bumps(copy, helms) == []


def test_a_lower_version_is_none(copy: Path, helms: dict[str, Helm]) -> None:
    edit(copy / DASK / "templates/_common.tpl", "part-of: labhelm", "part-of: changed")
    version = yaml.safe_load((copy / DASK / "Chart.yaml").read_text())["version"]
    edit(copy / DASK / "Chart.yaml", f"version: {version}", "version: 0.0.1")
    assert any(line.startswith(f"{DASK}:") for line in bumps(copy, helms))


def test_a_key_that_is_refused_now_needs_a_new_version(copy: Path, helms: dict[str, Helm]) -> None:
    """Values of before no longer render; helm names no chart then."""
    (copy / "charts/umbrella/ci/old-values.yaml").write_text("dask: {enabled: true, namespace: x}\n")
    subprocess.run(["git", "add", "."], cwd=copy, check=True)
    commit = ["git", "-c", "user.name=t", "-c", "user.email=t@e.org", "commit", "-qm", "case"]
    subprocess.run(commit, cwd=copy, check=True)
    edit(copy / DASK / "values.schema.json", '"namespace": {', '"room": {')
    assert any(line.startswith(f"{DASK}:") for line in bumps(copy, helms))


def test_versions_are_compared_as_semver_does() -> None:
    order = [
        "0.1.0-alpha",
        "0.1.0-alpha.1",
        "0.1.0-rc.2",
        "0.1.0-rc.10",
        "0.1.0",
        "0.2.0",
        "0.10.0",
        "1.0.0+b",
    ]
    shuffled = sorted(order, key=len)
    assert sorted(shuffled, key=precedence) == order
