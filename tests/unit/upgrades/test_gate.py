"""`labhelm gen` stops before a change that would leave data behind, and writes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from generator.cli import labhelm
from tests.unit.upgrades.test_upgrade_rules import VOLUMES


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """One profile whose values are generated."""
    (tmp_path / "charts" / "umbrella").mkdir(parents=True)
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "lab.yaml").write_text(VOLUMES)
    assert gen(tmp_path).exit_code == 0
    return tmp_path


def gen(project: Path, *options: str) -> Result:
    """`labhelm gen lab` in process; its exit code is what the program would return."""
    runner = CliRunner()
    done = runner.invoke(labhelm, ["--root", str(project), "gen", "lab", *options], standalone_mode=False)
    done.exit_code = done.exit_code or (done.return_value if isinstance(done.return_value, int) else 0)
    return done


def change(project: Path, old: str, new: str) -> None:
    """An edit of the profile."""
    assert old in VOLUMES
    (project / "profiles" / "lab.yaml").write_text(VOLUMES.replace(old, new))


def test_it_says_where_and_writes_nothing(project: Path) -> None:
    before = (project / "values" / "lab.yaml").read_bytes()
    change(project, "path: /data", "path: /elsewhere")
    done = gen(project)
    assert done.exit_code == 2
    assert "profiles/lab.yaml:9:5 UPG101 volume data would lie elsewhere" in done.stderr
    assert "hint: " in done.stderr
    assert "--allow-data-move" in done.stderr
    assert (project / "values" / "lab.yaml").read_bytes() == before


def test_with_the_flag_it_goes_on(project: Path) -> None:
    change(project, "path: /data", "path: /elsewhere")
    assert gen(project, "--allow-data-move").exit_code == 0
    assert "/elsewhere" in (project / "values" / "lab.yaml").read_text()
    assert gen(project).exit_code == 0, "from now on that is how it is"


def test_to_look_is_allowed(project: Path) -> None:
    change(project, "path: /data", "path: /elsewhere")
    assert gen(project, "--diff").exit_code == 0
    assert gen(project, "--check").exit_code == 1


def test_other_changes_pass(project: Path) -> None:
    change(project, "{name: vision}", "{name: vision, quota: {cpu: 4}}")
    assert gen(project).exit_code == 0


@pytest.mark.parametrize("text", [b"- a list\n", b"key: [\n", b"storage: {volumes: {data: {}}}\n", b""])
def test_values_that_somebody_edited_are_no_reason_to_fail(project: Path, text: bytes) -> None:
    values = project / "values" / "lab.yaml"
    head = values.read_bytes().splitlines(keepends=True)[0]
    values.write_bytes(head + text)
    assert gen(project).exit_code in (0, 2)
