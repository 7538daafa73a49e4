"""`make test`: brings the tools, runs every stage, says where the time went.

python tests/run.py [STAGE...] [-- PYTEST ARGUMENTS]
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
_TESTS_FAILED = 1
"""pytest's exit code when tests ran and some failed.

Their files run once more then, alone: tests share two cores with each other, with clusters and machines,
and a time limit may pass for that alone. Whole files, since the tests of one cluster build on each other.
Both results are printed; a real fault fails twice.
"""


@dataclass(frozen=True)
class Stage:
    """One part of the run: a command, and the tests that it reports on."""

    name: str
    argv: tuple[str, ...]
    is_pytest: bool = True


def _pytest(*arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "pytest", *arguments)


STAGES = (
    Stage("packages", ("bash", "ci/packages.sh"), is_pytest=False),
    Stage("tools", (str(BIN / "labhelm"), "tools", "--all"), is_pytest=False),
    Stage("lint", (sys.executable, "tests/lint.py"), is_pytest=False),
    Stage("unit", _pytest("tests/unit", "-n", "2")),
    Stage("render", _pytest("tests/render", "-n", "2")),
    Stage("cluster", _pytest("tests/cluster", "-n", "2", "--dist", "loadfile")),
    Stage("platforms", _pytest("tests/platforms", "-n", "2", "--dist", "loadfile")),
    Stage("machines", _pytest("tests/machines", "-n", "2", "--dist", "loadfile")),
)


def main(arguments: Sequence[str]) -> int:
    """Run the stages and print a table; the exit code of the worst."""
    names, extra = _split(arguments)
    chosen = [stage for stage in STAGES if not names or stage.name in names]
    rows = [_run(stage, extra) for stage in chosen]
    print("\nstage      seconds  result")
    for name, seconds, code in rows:
        print(f"{name:<10} {seconds:7.0f}  {'ok' if code == 0 else f'FAILED ({code})'}")
    print(f"{'all':<10} {sum(row[1] for row in rows):7.0f}")
    return max((row[2] for row in rows), default=0)


def _split(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    if "--" not in arguments:
        return list(arguments), []
    at = arguments.index("--")
    return list(arguments[:at]), list(arguments[at + 1 :])


def _run(stage: Stage, extra: Sequence[str]) -> tuple[str, float, int]:
    print(f"\n== {stage.name}", flush=True)
    started = time.monotonic()
    argv = [*stage.argv, *(extra if stage.is_pytest else ())]
    code = subprocess.run(argv, cwd=ROOT, env=_environment(), check=False).returncode
    if code == _TESTS_FAILED and stage.is_pytest:
        print(f"\n== {stage.name}: what failed, once more", flush=True)
        again = [*_pytest(*_failed_files(stage), "-n", "0"), *extra]
        code = subprocess.run(again, cwd=ROOT, env=_environment(), check=False).returncode
    return stage.name, time.monotonic() - started, code


def _failed_files(stage: Stage) -> list[str]:
    """Files of the stage's failed tests, as pytest noted them; the whole stage where it noted none."""
    (folder,) = (word for word in stage.argv if word.startswith("tests/"))
    note = ROOT / ".pytest_cache/v/cache/lastfailed"
    failed = json.loads(note.read_text()) if note.is_file() else {}
    files = {test.partition("::")[0] for test in failed if test.startswith(f"{folder}/")}
    return sorted(files) or [folder]


def _environment() -> dict[str, str]:
    """Where root and the upstream data are there, nothing may be skipped."""
    complete = os.geteuid() == 0 and (ROOT.parent / "shared" / "upstream").is_dir()
    return {**os.environ, **({"LABHELM_NO_SKIP": "1"} if complete else {})}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
