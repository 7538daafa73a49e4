"""The bed from outside: start it, ask it, end it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.cluster.dask_bed.pods import Pod

INSIDE = Path(__file__).with_name("inside.py")
NAMESPACES = ("--net", "--mount", "--uts", "--pid", "--fork", "--kill-child", "--mount-proc")
Answer = dict[str, Any]


class Bed:
    """Pods in namespaces that end with the block; `hosts` maps names of Services to addresses."""

    def __init__(self, work: Path, venv: Path, hosts: dict[str, str]) -> None:
        is_root = os.geteuid() == 0
        spec = {
            "work": str(work),
            "venv": str(venv),
            "python": sys.base_prefix,
            "hosts": hosts,
            "root": is_root,
        }
        user = () if is_root else ("--user", "--map-root-user")
        self._process = subprocess.Popen(
            ["unshare", *user, *NAMESPACES, sys.executable, str(INSIDE), json.dumps(spec)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()

    def start(self, pod: Pod) -> Answer:
        """Start a pod; the probe's answer, or exit code and output of a pod without probe."""
        answer = self._ask({"start": pod.as_json()})
        if pod.probe[0] and answer["status"] != 200:
            raise AssertionError(f"{pod.name} did not get ready: {answer}\n{self.log(pod)}")
        return answer

    def get(self, url: str, token: str = "") -> Answer:
        """One HTTP request from the bridge."""
        return self._ask({"get": url, "headers": {"Authorization": f"token {token}"} if token else {}})

    def stop(self, pod: Pod) -> Answer:
        """SIGTERM; exit code and seconds."""
        return self._ask({"stop": pod.name})

    def log(self, pod: Pod) -> str:
        """What a pod has printed."""
        text: str = self._ask({"log": pod.name})["text"]
        return text

    def _ask(self, request: Answer) -> Answer:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "the bed ended"
        answer: Answer = json.loads(line)
        return answer
