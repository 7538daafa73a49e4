"""What another process learns about a cluster, and whom it may kill."""

from __future__ import annotations

import stat
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from generator.cluster.local import LocalCluster
from generator.cluster.local.credentials import CLIENTS, kubeconfig_of, write_credentials
from generator.cluster.local.processes import Process, kill, spawn
from generator.cluster.local.state import State, default_dir, load, save
from generator.errors import UserError


def test_state_survives_on_disk(tmp_path: Path) -> None:
    state = State("1.36.3", True).having(Process("etcd", 1, 2, "log"))
    save(tmp_path, state)
    assert load(tmp_path) == state


def test_no_state_is_a_stopped_cluster(tmp_path: Path) -> None:
    cluster = LocalCluster("none", state_dir=tmp_path / "missing")
    assert cluster.status().phase == "stopped"
    cluster.stop()
    assert not (tmp_path / "missing").exists()


def test_damaged_state_is_told(tmp_path: Path) -> None:
    (tmp_path / "state.json").write_text("{")
    with pytest.raises(UserError, match="not the state of a local cluster"):
        load(tmp_path)


@pytest.mark.parametrize("name", ["", "../x", ".hidden", "a/b"])
def test_names_stay_inside_the_state_folder(name: str) -> None:
    with pytest.raises(UserError):
        default_dir(name)


def test_state_folder_follows_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "/state")
    assert default_dir("lab") == Path("/state/labhelm/lab")


def test_reused_pid_is_not_killed(tmp_path: Path) -> None:
    other = spawn("sleep", ("sleep", "60"), tmp_path / "log", tmp_path)
    kill([replace(other, started=other.started + 1)])
    assert other.alive
    kill([other])
    assert not other.alive
    kill([other])


def test_ended_child_counts_as_ended() -> None:
    child = subprocess.Popen(["true"])
    child.wait()
    assert not Process("true", child.pid, 0, "").alive


def test_keys_are_for_us_alone(tmp_path: Path) -> None:
    write_credentials(tmp_path / "pki", "local")
    files = list((tmp_path / "pki").iterdir())
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert all(kubeconfig_of(tmp_path / "pki", client) in files for client, _, _ in CLIENTS)
    assert stat.S_IMODE((tmp_path / "pki").stat().st_mode) == 0o700
