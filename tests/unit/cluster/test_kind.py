"""kind through its own command line: what would be run, and never on the user's own kubeconfig."""

from __future__ import annotations

from pathlib import Path

from generator.cluster.kind import create_kind, delete_kind
from generator.cluster.runner import RecordingRunner, Result


def _there(*clusters: str) -> RecordingRunner:
    return RecordingRunner(lambda argv: Result(argv, 0, "\n".join(clusters), ""))


def test_a_cluster_is_made_once_with_a_kubeconfig_of_its_own(tmp_path: Path) -> None:
    config, kubeconfig = tmp_path / "kind.yaml", tmp_path / "state" / "kubeconfig"
    runner = _there("other")
    create_kind(runner, "lab", config, kubeconfig)
    assert runner.calls[-1][:5] == ("kind", "create", "cluster", "--name", "lab")
    assert ("--kubeconfig", str(kubeconfig)) == runner.calls[-1][7:9]
    assert kubeconfig.parent.is_dir()


def test_a_cluster_that_is_there_is_used(tmp_path: Path) -> None:
    runner = _there("lab")
    create_kind(runner, "lab", tmp_path / "kind.yaml", tmp_path / "kubeconfig")
    assert runner.calls[-1][:3] == ("kind", "export", "kubeconfig")


def test_delete_takes_the_kubeconfig_along(tmp_path: Path) -> None:
    kubeconfig = tmp_path / "kubeconfig"
    kubeconfig.touch()
    delete_kind(runner := _there(), "lab", kubeconfig)
    delete_kind(runner, "lab", kubeconfig)
    assert not kubeconfig.exists()
    assert {call[:3] for call in runner.calls} == {("kind", "delete", "cluster")}
