"""One run of the node agent: the group's settings and the node's own labels and taints become one file.

Then this process becomes loop.sh again, which waits. Needs INTERVAL, JITTER and RETRY (seconds).
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
WORK = HERE.parent
SETTINGS = HERE / "node-settings.json"
WAITING, INTERRUPTED = 6, 130
REPEAT_SECONDS = 5.0
"""The alarm rings again until it is heard: the first may come just before the shell listens."""
PIPE = 9
"""As in loop.sh."""


def main(command: list[str]) -> int:
    """Run a command of the agent on this node; its exit code."""
    settings = json.loads((HERE / "settings.json").read_text(encoding="utf-8"))
    nodes = json.loads((HERE / "nodes.json").read_text(encoding="utf-8"))
    settings["node"].update(nodes.get(os.environ["NODE_NAME"], {}))
    SETTINGS.write_text(json.dumps(settings), encoding="utf-8")

    from agent.cli import main as agent

    folder = os.environ.get("METRICS_DIR", str(WORK / "metrics"))
    metrics = f"{folder}/labhelm-node-prep.prom"
    return agent([*command, "--settings", str(SETTINGS), "--root", "/host", "--metrics", metrics])


def seconds_to_rest(mode: str, code: int) -> int:
    """Until the next run; undo tries until it is done, as the chart may go only then."""
    interval, retry = int(os.environ["INTERVAL"]), int(os.environ["RETRY"])
    again = code == WAITING or (mode == "undo" and code != 0)
    rest = retry if again else interval
    return max(1, rest + random.randint(0, int(os.environ["JITTER"])) * rest // interval)


def rest(mode: str, code: int) -> None:
    """Become the shell that waits."""
    if mode != "undo" or code == 0:
        # Ready, for the kubelet: the first run is over.
        (WORK / "ran").touch()
    reading, writing = os.pipe()
    os.dup2(reading, PIPE)
    os.set_inheritable(writing, True)
    sys.stdout.flush()
    for number in (signal.SIGALRM, signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    from agent.names import CPU_BEFORE

    # What a process has used outlives exec, too.
    environment = {**os.environ, CPU_BEFORE: str(sum(os.times()[:4]))}
    signal.setitimer(signal.ITIMER_REAL, seconds_to_rest(mode, code), REPEAT_SECONDS)
    os.execve("/bin/sh", ["sh", str(HERE / "loop.sh"), "rest"], environment)


def run_and_rest(command: list[str]) -> int:
    """Both; returns only when told to stop."""
    from agent.errors import Interrupted

    try:
        code = main(command)
        if code != INTERRUPTED:
            rest(command[0], code)
    except Interrupted:
        # Told to stop after the last change.
        pass
    return 0


if __name__ == "__main__":
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    sys.exit(run_and_rest(sys.argv[1:]))
