"""`labhelm machines`: writes, checks, prunes, and says what is missing."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from generator.cli import labhelm
from generator.errors import UserError
from tests.unit.machines.conftest import HERE


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "charts" / "umbrella").mkdir(parents=True)
    (tmp_path / "profiles").mkdir()
    text = (HERE / "profiles" / "k3s.yaml").read_text()
    (tmp_path / "profiles" / "k3s.yaml").write_text(text)
    return tmp_path


def machines(project: Path, *words: str) -> Result:
    return CliRunner().invoke(labhelm, ["--root", str(project), "machines", *words], standalone_mode=False)


def test_writes_once_checks_and_prunes(project: Path) -> None:
    assert "values/k3s/machines/a/a.sh" in machines(project, "k3s").output
    assert " 0 changed" in machines(project, "k3s").output
    assert machines(project, "k3s", "--check").return_value == 0
    profile = project / "profiles" / "k3s.yaml"
    profile.write_text(profile.read_text().replace("{name: w,", "{name: other,"))
    said = machines(project, "k3s", "--check")
    assert said.return_value == 1
    assert "left over: values/k3s/machines/w/w.sh" in said.output
    machines(project, "k3s")
    assert not (project / "values/k3s/machines/w").exists()
    assert (project / "values/k3s/machines/other/other.sh").is_file()


def test_says_which_nodes_have_no_address(project: Path) -> None:
    profile = project / "profiles" / "k3s.yaml"
    profile.write_text(profile.read_text().replace('address: "fd00::2", ', ""))
    said = machines(project, "k3s")
    assert isinstance(said.exception, UserError)
    assert "no address in k3s: w" in str(said.exception)
    assert not (project / "values").exists()


def test_prints_how_to_renew_the_token(project: Path) -> None:
    said = machines(project, "k3s", "--join-token")
    assert "sh a.sh --join-file JOIN-FILE" in said.output
    assert not (project / "values").exists()


@pytest.mark.parametrize("words", [["--apply"], ["--kubeconfig=x"], ["--", "--v=5"]])
def test_what_goes_with_run_alone_says_so(project: Path, words: list[str]) -> None:
    said = machines(project, "k3s", *words)
    assert isinstance(said.exception, UserError)
    assert "this needs --run" in str(said.exception)
    assert not (project / "values").exists()


def test_run_makes_its_own_tokens(project: Path) -> None:
    said = machines(project, "k3s", "--run", "--join-token")
    assert isinstance(said.exception, UserError)
