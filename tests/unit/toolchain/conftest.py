"""A cache and a PATH of the test's own, and a Go that builds in no time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from generator.cluster.runner import RecordingRunner, Result
from generator.toolchain.table import TOOLS

VERSIONS = {
    tool.program: tool.version for tool in TOOLS if tool.name not in {"helm3"} and "oldest" not in tool.group
}


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LABHELM_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture(autouse=True)
def own_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


@pytest.fixture
def on_path(own_path: Path) -> Callable[[str], Path]:
    """Puts an empty program of that name on PATH."""

    def put(name: str) -> Path:
        program = own_path / name
        program.write_text("")
        program.chmod(0o755)
        return program

    return put


def building(argv: tuple[str, ...]) -> Result:
    """`go build` writes its output; every program tells the version that the table has for its name."""
    if argv[:2] == ("go", "build"):
        Path(argv[argv.index("-o") + 1]).write_text("program")
        return Result(argv, 0, "", "")
    return Result(argv, 0, f"v{VERSIONS[Path(argv[0]).name]}", "")


@pytest.fixture
def go(on_path: Callable[[str], Path]) -> RecordingRunner:
    on_path("go")
    return RecordingRunner(building)
