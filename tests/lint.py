"""`make lint`: every linter, all of them even when one fails, and which were to be had."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent


def _commands() -> Iterator[tuple[str, list[str]]]:
    yield "ruff", [str(BIN / "ruff"), "check", "."]
    yield "ruff format", [str(BIN / "ruff"), "format", "--check", "."]
    yield "mypy", [str(BIN / "mypy")]
    yield "yamllint", [str(BIN / "yamllint"), "--strict", "-c", "ci/lintconf.yaml", *_yaml_files()]
    yield "generated files", [str(BIN / "labhelm"), "gen", "--check"]
    yield "charts", [sys.executable, "-m", "generator.chartdocs.ctlint"]
    if shutil.which("shellcheck"):
        yield "shellcheck", ["shellcheck", *_shell_files()]


def _tracked(*patterns: str) -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def _yaml_files() -> list[str]:
    return _tracked(
        "profiles/*.yaml", "values/*.yaml", "ci/*.yaml", ".github/**/*.yaml", "*/Chart.yaml", "*/values.yaml"
    )


def _shell_files() -> list[str]:
    return _tracked("*.sh", ".ci/run")


def main() -> int:
    """Run them all; 1 when one failed."""
    failed = []
    for name, argv in _commands():
        print(f"-- {name}", flush=True)
        if subprocess.run(argv, cwd=ROOT, check=False).returncode:
            failed.append(name)
    if not shutil.which("shellcheck"):
        print("-- shellcheck is not on PATH: skipped")
    print(f"failed: {', '.join(failed)}" if failed else "all linters are content")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
