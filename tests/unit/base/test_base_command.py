"""`labhelm base`: what a new version of a chart would change, and values that are wrong."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner, Result

from generator.base.bump import compare
from generator.cli import labhelm
from tests.conftest import ROOT

OLD = """
persistence: {createStorageClass: true, defaultClass: true, defaultClassReplicaCount: 3}
defaultSettings: {defaultReplicaCount: ~, kept: 1}
metrics: {serviceMonitor: {enabled: false}}
image: {tag: v1}
"""
NEW = """
persistence: {createStorageClass: true, defaultClass: true, defaultClassReplicas: 3}
defaultSettings: {defaultReplicaCount: ~, kept: 1}
metrics: {}
image: {tag: v2}
extra: {thing: 1}
"""


def run(*argv: str) -> Result:
    """What a command prints and returns."""
    return CliRunner().invoke(labhelm, ["--root", str(ROOT), "base", *argv], standalone_mode=False)


def files(folder: Path, new: str) -> tuple[str, str]:
    """Both default values files."""
    (folder / "old.yaml").write_text(OLD)
    (folder / "new.yaml").write_text(new)
    return str(folder / "old.yaml"), str(folder / "new.yaml")


def test_bump_names_what_is_gone_renamed_and_lost(tmp_path: Path) -> None:
    result = run("bump", "longhorn", "1.13.0", "--values-file", *files(tmp_path, NEW))
    lines = {" ".join(line.split()) for line in result.output.splitlines()}
    assert "longhorn: 1.12.1 -> 1.13.0" in lines
    assert "renamed persistence.defaultClassReplicaCount -> persistence.defaultClassReplicas" in lines
    assert "gone metrics.serviceMonitor.enabled" in lines
    assert "default image.tag: 'v1' -> 'v2'" in lines
    assert "new extra.thing" in lines
    assert "lost team sets persistence.defaultClassReplicaCount" in lines
    assert result.return_value == 1


def test_bump_to_the_same_values_loses_nothing(tmp_path: Path) -> None:
    result = run("bump", "longhorn", "1.13.0", "--values-file", *files(tmp_path, OLD))
    assert "none of our values is lost" in result.output
    assert result.return_value == 0


def test_a_chart_that_is_not_there(tmp_path: Path) -> None:
    result = run("bump", "longhron", "1", "--values-file", *files(tmp_path, OLD))
    assert "did you mean longhorn?" in str(result.exception)


def test_a_key_that_moved_is_not_taken_for_two_renames() -> None:
    found = compare({"a": {"size": 1, "sizes": 2}}, {"a": {"sizeOf": 1}})
    assert len(found.renamed) == 1
    assert len(found.removed) == 1


def test_list_and_check(upstream: Path) -> None:
    assert "cert-manager" in run("list").output
    result = run("check", "lab", "--defaults", str(upstream / "defaults"))
    assert result.return_value == 0, result.output
