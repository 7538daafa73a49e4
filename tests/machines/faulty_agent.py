"""Runs in the pod of an agent: the chart's own run of the agent, which dies or waits at one operation.

python3 - state                  what the agent changes of the machine, as it is now
python3 - operations COMMAND     every operation that changes something
python3 - kill COMMAND POINT...  dies by SIGKILL before each point ("...+": shortly after it began), recovers
python3 - hold WORDS COMMAND     writes a mark before the first point that has WORDS, waits until it is gone

A point is an operation and which one of that name: "rename /etc/fstab 1". Answers are JSON, a line for each.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

sys.path.insert(0, "/run/node-prep/now")

import run  # type: ignore[import-not-found,unused-ignore]  # the chart's files/run.py
from agent import cli, health
from agent.disk import Disk
from agent.host import Host
from agent.kube.client import Api

MARK = Path("/run/node-prep/mark")
SHORTLY = 0.1
SYSCTLS = ("vm.max_map_count", "fs.inotify.max_user_watches")
Act = Callable[[str], None]
# Names that differ from run to run.
_CHANGING = {
    r"/var/lib/labhelm/node-prep/transactions/[^/]+": "TRANSACTION",
    r"\.labhelm-\S+\.(new|old)$": r".\1",
    r"/[0-9a-f]{64}$": "/HASH",
}


class Trace:
    """Calls `act` with the point of each operation before it is done."""

    def __init__(self, act: Act) -> None:
        self.seen: Counter[str] = Counter()
        self.act = act

    def __call__(self, operation: str, path: str) -> None:
        when, what = operation.split()
        # What was done survives a SIGKILL, synced or not; and after one operation is before the next.
        if when == "before" and what != "fsync":
            name = f"{what} {path.removeprefix('/host')}"
            for pattern, instead in _CHANGING.items():
                name = re.sub(pattern, instead, name)
            self.seen[name] += 1
            self.act(f"{name} {self.seen[name]}")


def traced(act: Act, command: str) -> int:
    """One run with a trace; its exit code."""
    trace, send = Trace(act), Api._send

    def traced_send(self: Api, method: str, path: str, *more: Any) -> Any:
        if method != "GET":
            trace("before api", f"{method} {path}")
        return send(self, method, path, *more)

    Api._send = traced_send  # type: ignore[assignment,method-assign]
    vars(cli)["Host"] = lambda root: Host(root, disk=Disk(trace))
    # --retry: an agent that was killed three times in a row leaves the machine alone.
    return int(run.main([command, "--retry"] if command == "apply" else [command]))


def in_child(job: Callable[[], int]) -> tuple[int, str]:
    """Wait status and output of a job in a process of its own."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        code = 1
        try:
            with os.fdopen(writing, "w") as out, redirect_stdout(out):
                code = job()
        finally:
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading) as said:
        text = said.read()
    return os.waitpid(child, 0)[1], text


def operations(command: str) -> list[str]:
    """Their points; the run is a real one."""
    points: list[str] = []

    def job() -> int:
        code = traced(points.append, command)
        print(json.dumps(points))
        return code

    status, said = in_child(job)
    assert status == 0, said
    found: list[str] = json.loads(said.splitlines()[-1])
    return found


def killed_and_recovered(command: str, point: str) -> dict[str, Any]:
    """What became of the machine after a SIGKILL."""

    def die() -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def act(here: str) -> None:
        if here == point:
            die()
        if f"{here}+" == point:
            threading.Timer(SHORTLY, die).start()

    status, _ = in_child(lambda: traced(act, command))
    recovered, said = in_child(lambda: traced(lambda _: None, "recover"))
    probes = {"containerd": health.containerd, "kubelet": health.kubelet}
    found = {unit: probe(Host("/host"), unit) for unit, probe in probes.items()}
    return {
        "point": point,
        "killed": os.WIFSIGNALED(status),
        "code": os.waitstatus_to_exitcode(recovered),
        "said": said.splitlines()[-1],
        "unwell": [f"{unit}: {problem}" for unit, problem in found.items() if problem],
        "state": state(),
    }


def state() -> dict[str, str]:
    """The machine as far as the agent changes it: /etc, package holds, sysctls."""
    found = {str(path): _describe(path) for path in _files("/host/etc")}
    found["dpkg"] = _describe(Path("/host/var/lib/dpkg/status"))
    return {**found, **{key: Host("/host").sysctl(key) or "" for key in SYSCTLS}}


def _files(top: str) -> Iterator[Path]:
    for folder, _, names in os.walk(top):
        yield from (Path(folder, name) for name in names)


def _describe(path: Path) -> str:
    found = path.lstat()
    text = str(path.readlink()) if path.is_symlink() else hashlib.sha256(path.read_bytes()).hexdigest()
    return f"{found.st_mode:o} {found.st_uid}:{found.st_gid} {text}"


def hold(words: str, command: str) -> int:
    """Stop before an operation until the mark is taken away."""
    held = False

    def act(point: str) -> None:
        nonlocal held
        if words in point and not held:
            held = True
            MARK.touch()
            while MARK.exists():
                time.sleep(0.05)

    return traced(act, command)


def main(words: Sequence[str]) -> int:
    """See the module's text."""
    what = words[0]
    if what == "state":
        print(json.dumps(state()))
    elif what == "operations":
        print(json.dumps(operations(words[1])))
    elif what == "kill":
        for point in words[2:]:
            print(json.dumps(killed_and_recovered(words[1], point)), flush=True)
    elif what == "hold":
        return hold(words[1], words[2])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
