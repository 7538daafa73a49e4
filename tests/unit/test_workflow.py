"""The CI workflow is sound by actionlint, pinned, and speaks of the Kubernetes versions that we support."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.cluster.runner import SystemRunner
from generator.toolchain import SilentProgress, ensure
from generator.toolchain.table import NEWEST, OLDEST

FOLDER = Path(__file__).resolve().parents[2] / ".github" / "workflows"
WORKFLOWS = sorted(FOLDER.glob("*.y*ml"))
PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}  # v\d+\.\d+\.\d+")


def _jobs(path: Path) -> dict[str, Any]:
    jobs: dict[str, Any] = yaml.safe_load(path.read_text())["jobs"]
    return jobs


def test_there_is_a_workflow() -> None:
    assert WORKFLOWS


def test_actionlint_is_content() -> None:
    runner = SystemRunner()
    program = ensure("actionlint", runner=runner, progress=SilentProgress())
    result = runner.run([str(program), "-no-color", *map(str, WORKFLOWS)], check=False)
    assert (result.code, result.stdout) == (0, "")


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
class TestWorkflow:
    def test_each_action_is_pinned_by_commit_and_names_its_version(self, path: Path) -> None:
        used = re.findall(r"^\s*(?:- )?uses: (.*)$", path.read_text(), re.MULTILINE)
        assert used
        assert [line for line in used if not PINNED.fullmatch(line)] == []

    def test_it_may_only_read(self, path: Path) -> None:
        assert yaml.safe_load(path.read_text())["permissions"] == {"contents": "read"}
        assert all("permissions" not in job for job in _jobs(path).values())

    def test_each_job_ends(self, path: Path) -> None:
        assert [name for name, job in _jobs(path).items() if "timeout-minutes" not in job] == []


def test_charts_are_installed_on_the_oldest_and_newest_kubernetes_with_both_helms() -> None:
    matrix = _jobs(FOLDER / "ci.yaml")["install"]["strategy"]["matrix"]
    minors = [version.rpartition(".")[0] for version in (OLDEST, NEWEST)]
    assert [row["version"] for row in matrix["kubernetes"]] == minors
    assert matrix["helm"] == ["helm3", "helm4"]


def test_node_images_are_of_the_version_they_stand_for_and_pinned_by_digest() -> None:
    for row in _jobs(FOLDER / "ci.yaml")["install"]["strategy"]["matrix"]["kubernetes"]:
        version = re.escape(row["version"])
        assert re.fullmatch(rf"kindest/node:v{version}\.\d+@sha256:[0-9a-f]{{64}}", row["image"])
