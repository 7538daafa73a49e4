"""Which of the user's own tools are used."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from generator.cluster.runner import RecordingRunner, Result
from generator.toolchain.on_path import find_on_path, parse_version
from generator.toolchain.table import find


@pytest.mark.parametrize(
    ("name", "printed", "used"),
    [
        ("helm4", "v4.3.1+gc0d08d0", True),
        ("helm4", "v4.0.0", True),
        ("helm4", "v3.17.2", False),
        ("helm3", "v3.17.0", True),
        ("helm3", "v3.16.4", False),
        ("helm3", "v4.3.1", False),
        ("kubectl", "Client Version: v1.36.3\nKustomize Version: v5.8.1", True),
        ("kubectl", "Client Version: v1.32.4-dispatcher", False),
        ("etcd", "etcd Version: 3.5.1\nGit SHA: d42e8589e", False),
        ("etcd", "etcd Version: 3.6.16", True),
        ("kwok", "kwok version v0.7.0 go1.25 (linux/amd64)", False),
        ("kubeconform", "development", False),
    ],
)
def test_version_on_path(on_path: Callable[[str], Path], name: str, printed: str, used: bool) -> None:
    tool = find(name)
    program = on_path(tool.program)
    found = find_on_path(tool, RecordingRunner(lambda argv: Result(argv, 0, printed, "")))
    assert (found.path if found else None) == (program if used else None)


def test_exact_version_is_what_was_asked_for(on_path: Callable[[str], Path]) -> None:
    on_path("helm")
    runner = RecordingRunner(lambda argv: Result(argv, 0, "v4.0.0", ""))
    assert find_on_path(find("helm4"), runner, exact=True) is None
    assert find_on_path(find("helm4"), runner) is not None


def test_broken_program_is_passed_over(on_path: Callable[[str], Path]) -> None:
    on_path("helm")
    runner = RecordingRunner(lambda argv: Result(argv, 1, "v4.3.1", "segmentation fault"))
    assert find_on_path(find("helm4"), runner) is None


def test_control_plane_is_never_taken_from_path(on_path: Callable[[str], Path]) -> None:
    on_path("control-plane")
    runner = RecordingRunner()
    assert find_on_path(find("control-plane"), runner) is None
    assert runner.calls == []


def test_versions_in_what_tools_print() -> None:
    assert parse_version("Kubernetes v1.36.3") == (1, 36, 3)
    assert parse_version("ctr github.com/containerd/containerd/v2 2.2.9") == (2, 2, 9)
    assert parse_version("v4.3") == (4, 3, 0)
    assert parse_version("none") == ()
