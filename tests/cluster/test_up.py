"""`labhelm up`, `kubectl` and `down` as a user types them, with a real control plane of their own."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from generator.cluster.local.processes import strays
from generator.cluster.local.state import load
from generator.cluster.runner import Result
from tests.cluster.command_line import CommandLine, make_command_line

TOO_BIG = "dask.worker.resources.limits.cpu=9999"


@dataclass(frozen=True)
class Up:
    """The lab platform, brought up by the command line, and what that printed."""

    line: CommandLine
    first: Result

    def token(self) -> dict[str, Any]:
        """The notebook's Secret."""
        secrets = self.line.get("lab", "secrets", "-n", "vision")
        (found,) = [one for one in secrets if one["metadata"]["name"] == "platform-dask-notebook"]
        return found


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    line = make_command_line(tmp_path_factory.mktemp("up"))
    try:
        yield Up(line, line.run("up", "lab", "--local"))
    finally:
        line.run("down", "lab", "--local")


def said(result: Result) -> str:
    return result.stdout + result.stderr


def assert_told(result: Result) -> None:
    """An error as one can act on it."""
    assert "error: " in result.stderr
    assert "Traceback" not in said(result)


def test_it_shows_what_came_up_and_where_to_look(up: Up) -> None:
    lines = up.first.stdout.splitlines()
    assert max(map(len, lines)) <= 80
    rows = [line.split() for line in lines]
    for name, ready in (("worker", "2/2"), ("worker-gpu", "1/1"), ("scheduler", "1/1"), ("notebook", "1/1")):
        assert ["vision", f"deployment/platform-dask-{name}", ready] in rows
    assert ["vision", "data", "Bound", "vision.data"] in rows
    assert "  labhelm down lab --local" in lines


def test_the_commands_it_names_work(up: Up) -> None:
    named = [line.split() for line in up.first.stdout.splitlines() if line.startswith("  labhelm kubectl")]
    assert len(named) >= 2
    for _, *arguments in named:
        assert "vision" in up.line.run(*arguments).stdout


def test_all_pods_run_on_the_profiles_machines(up: Up) -> None:
    pods = up.line.get("lab", "pods", "-n", "vision")
    assert len(pods) == 5
    assert {pod["status"]["phase"] for pod in pods} == {"Running"}
    nodes = {one["metadata"]["name"]: one["status"]["capacity"] for one in up.line.get("lab", "nodes")}
    assert set(nodes) == {"bonnie", "kitt", "karr"}
    assert nodes["kitt"]["nvidia.com/gpu"] == "4"
    on_gpu = [pod for pod in pods if "worker-gpu" in pod["metadata"]["name"]]
    assert [pod["spec"]["nodeName"] for pod in on_gpu] == ["kitt"]


def test_the_token_is_nowhere_but_in_its_secret(up: Up) -> None:
    (value,) = up.token()["data"].values()
    token = base64.b64decode(value).decode()
    assert len(token) >= 32
    assert "made Secret vision/platform-dask-notebook" in up.first.stderr
    logs = [path.read_text(errors="replace") for path in up.line.folder("lab").glob("logs/*")]
    assert len(logs) >= 5
    for text in (said(up.first), *logs):
        assert token not in text
        assert value not in text


def test_a_second_run_is_an_upgrade(up: Up) -> None:
    before = up.token()
    again = up.line.run("up", "lab", "--local")
    assert "made " not in said(again)
    assert "lab is up" in again.stdout
    assert up.token() == before
    releases = up.line.get("lab", "secrets", "-n", "default", "-l", "owner=helm,name=platform")
    states = {one["metadata"]["labels"]["version"]: one["metadata"]["labels"]["status"] for one in releases}
    assert states["1"] == "superseded"
    assert states[max(states, key=int)] == "deployed"
    assert len(states) >= 2


def test_wrong_values_are_told_and_change_nothing(up: Up) -> None:
    before = up.line.get("lab", "deployments", "-n", "vision")
    result = up.line.run("up", "lab", "--local", "--set", "dask.worker.replicas=x", check=False)
    assert result.code == 1
    assert_told(result)
    assert "command: " in result.stderr
    assert "replicas" in result.stderr
    assert "next: " in result.stderr
    assert up.line.get("lab", "deployments", "-n", "vision") == before


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (("up", "lab"), "--local"),
        (("up", "lab", "--local", "--kind"), "one of"),
        (("up", "lap", "--local"), "did you mean lab"),
        (("kubectl", "arl", "get", "pods"), "start it"),
    ],
    ids=["no cluster", "two clusters", "no such profile", "not up"],
)
def test_wrong_input_is_told(up: Up, arguments: tuple[str, ...], hint: str) -> None:
    result = up.line.run(*arguments, check=False)
    assert result.code == 2
    assert_told(result)
    assert hint in result.stderr


def test_exit_code_of_kubectl_is_kept(up: Up) -> None:
    assert up.line.run("kubectl", "lab", "get", "pod", "nothing", check=False).code == 1
    assert up.line.run("kubectl", "lab", "--", "auth", "can-i", "create", "pods", check=False).code == 0


def test_ctrl_c_and_then_the_same_command_again(tmp_path: Path) -> None:
    """First while the cluster starts, then while helm waits for pods that fit nowhere."""
    line = make_command_line(tmp_path)
    folder = line.folder("minimal")
    try:
        starting = line.interrupted(lambda _: process_count(folder) >= 3, "up", "minimal", "--local")
        assert_interrupted(starting)
        assert strays(folder) == []
        assert not (folder / "state.json").exists()

        waits = ("up", "minimal", "--local", "--set", TOO_BIG)
        installing = line.interrupted(lambda stderr: "default/platform-dask-worker" in stderr, *waits)
        assert_interrupted(installing)

        assert "minimal is up" in line.run("up", "minimal", "--local").stdout
        assert {one["status"]["phase"] for one in line.get("minimal", "pods", "-A")} == {"Running"}
    finally:
        line.run("down", "minimal", "--local")


def process_count(folder: Path) -> int:
    state = load(folder)
    return len(state.processes) if state else 0


def assert_interrupted(result: Result) -> None:
    assert result.code == 130, said(result)
    assert "Traceback" not in said(result)
    assert "the same command goes on from here" in result.stderr
    assert result.seconds < 20


def networks() -> set[Path]:
    """The network namespaces of all processes that we may look at."""
    found = set()
    for process in Path("/proc").glob("[0-9]*/ns/net"):
        try:
            found.add(process.readlink())
        except OSError:
            continue
    return found


def test_down_leaves_nothing(tmp_path: Path) -> None:
    line = make_command_line(tmp_path)
    folder = line.folder("minimal")
    line.run("up", "minimal", "--local")
    state = load(folder)
    assert state is not None
    network = Path(f"/proc/{state.processes[0].pid}/ns/net").readlink()
    assert network in networks()
    down = line.run("down", "minimal", "--local")
    assert "the local cluster of minimal is gone" in down.stdout
    assert strays(folder) == []
    assert [process.name for process in state.processes if process.alive] == []
    assert network not in networks()
    assert {path.name for path in folder.iterdir()} == {"lock", "logs"}
    assert line.run("down", "minimal", "--local").code == 0
    assert {path.name for path in line.project.iterdir()} == {"profiles", "charts"}
