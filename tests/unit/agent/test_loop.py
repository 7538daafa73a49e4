"""The chart's loop: shell and Python take turns in one process; only the agent itself is played here."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.unit.agent.bed import AGENT_HOME

# Notes each run, and ends as the file `codes` says.
AGENT = """
import os
from pathlib import Path

def main(words):
    out = Path(os.environ["OUT"])
    with (out / "runs").open("a") as runs:
        print(os.getpid(), *words[:2], file=runs)
    count = len((out / "runs").read_text().splitlines())
    codes = (out / "codes").read_text().split()
    return int(codes[min(count, len(codes)) - 1])
"""
# Paths of the pod, made here by mounts that nobody else sees.
ENTER = """
mount -t tmpfs none /run
mkdir -p /run/node-prep /run/upper /run/work
mount -t overlay -o lowerdir=/etc,upperdir=/run/upper,workdir=/run/work overlay /etc
mkdir /etc/node-prep
cp -R "$OUT/program/." /etc/node-prep
mount --bind "$SHELL_PROGRAM" /bin/sh
exec /bin/sh /etc/node-prep/loop.sh
"""
SHELLS = [shell for shell in ("dash", "bash", "busybox") if shutil.which(shell)]

pytestmark = [
    pytest.mark.skipif(os.geteuid() != 0, reason="a mount namespace needs root"),
    pytest.mark.skipif(not shutil.which("unshare"), reason="no unshare"),
]


class Loop:
    """The loop, running; `codes` are how the agent's runs end, the last one for all further ones."""

    def __init__(self, out: Path, shell: str, codes: str, interval: int) -> None:
        self.out = out
        program = out / "program"
        (program / "agent").mkdir(parents=True)
        for name in ("loop.sh", "run.py"):
            shutil.copy(AGENT_HOME / "files" / name, program)
        (program / "agent/__init__.py").touch()
        (program / "agent/cli.py").write_text(AGENT)
        for name in ("errors.py", "names.py"):
            shutil.copy(AGENT_HOME / "agent" / name, program / "agent")
        (program / "settings.json").write_text('{"node": {}}')
        (program / "nodes.json").write_text("{}")
        (out / "codes").write_text(codes)
        names = {"OUT": str(out), "SHELL_PROGRAM": shutil.which(shell) or "", "NODE_NAME": "kitt"}
        times = {"MODE": "apply", "INTERVAL": str(interval), "JITTER": "0", "RETRY": "1"}
        argv = ["unshare", "--mount", "--propagation", "private", "sh", "-ec", ENTER]
        self.process = subprocess.Popen(argv, env={**os.environ, **names, **times})

    def runs(self, count: int) -> list[str]:
        """The first `count` runs, waited for: id of the process, command, option."""
        self.wait_until(lambda: len(self._lines()) >= count)
        return self._lines()[:count]

    def wait_until(self, done: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 60
        while not done():
            assert time.monotonic() < deadline, self._lines()
            assert self.process.poll() is None
            time.sleep(0.1)

    def name(self) -> str:
        return Path(f"/proc/{self.process.pid}/comm").read_text().strip()

    def children(self) -> str:
        pid = self.process.pid
        return Path(f"/proc/{pid}/task/{pid}/children").read_text()

    def _lines(self) -> list[str]:
        file = self.out / "runs"
        return file.read_text().splitlines() if file.is_file() else []


@pytest.fixture
def loop(tmp_path: Path) -> Iterator[Callable[[str, str, int], Loop]]:
    started: list[Loop] = []

    def start(shell: str, codes: str, interval: int) -> Loop:
        started.append(Loop(tmp_path, shell, codes, interval))
        return started[-1]

    yield start
    for one in started:
        one.process.kill()
        one.process.wait()


@pytest.mark.parametrize("shell", SHELLS)
def test_one_process_runs_and_rests_and_ends_when_told(
    shell: str, loop: Callable[[str, str, int], Loop]
) -> None:
    """Waiting (6) comes back after RETRY, everything else after INTERVAL."""
    running = loop(shell, "6 6 0", 600)
    pid = running.process.pid
    assert running.runs(3) == [f"{pid} apply --retry", *[f"{pid} apply --settings"] * 2]
    running.wait_until(lambda: running.name() == "sh")
    assert running.children() == ""
    running.process.send_signal(signal.SIGTERM)
    assert running.process.wait(timeout=30) in (0, -signal.SIGTERM)


def test_a_run_that_was_told_to_stop_is_the_last(loop: Callable[[str, str, int], Loop]) -> None:
    running = loop("sh", "0 130", 1)
    running.runs(2)
    assert running.process.wait(timeout=30) == 0
