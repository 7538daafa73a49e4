"""The real command `labhelm`, as a user starts it, in a project and with a state folder of its own."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.cluster.runner import Result, SystemRunner
from tests.conftest import ROOT


@dataclass(frozen=True)
class CommandLine:
    """`labhelm` for the project in `project`; its local clusters live under `state`."""

    project: Path
    state: Path

    def run(self, *arguments: str, check: bool = True) -> Result:
        """Run it to its end."""
        argv = ("labhelm", *arguments)
        return SystemRunner().run(
            argv, env=self._environment(), cwd=str(self.project), check=check, timeout=300
        )

    def get(self, profile: str, *arguments: str) -> list[dict[str, Any]]:
        """The objects that `labhelm kubectl PROFILE get ...` shows."""
        answer = self.run("kubectl", profile, "get", *arguments, "-o", "json")
        items: list[dict[str, Any]] = json.loads(answer.stdout)["items"]
        return items

    def folder(self, profile: str) -> Path:
        """State folder of a profile's local cluster."""
        return self.state / "labhelm" / profile

    def interrupted(self, until: Callable[[str], bool], *arguments: str) -> Result:
        """Run it and press Ctrl-C as soon as `until` is true of what it has printed to standard error."""
        said = self.state / "stderr"
        with said.open("w") as errors:
            process = subprocess.Popen(
                ("labhelm", *arguments),
                cwd=self.project,
                env={**os.environ, **self._environment()},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                start_new_session=True,
            )
        deadline = time.monotonic() + 120
        while not until(said.read_text()):
            assert process.poll() is None, said.read_text()
            assert time.monotonic() < deadline, said.read_text()
            time.sleep(0.05)
        pressed = time.monotonic()
        os.killpg(process.pid, signal.SIGINT)
        output, _ = process.communicate(timeout=60)
        seconds = time.monotonic() - pressed
        return Result(tuple(arguments), process.returncode, output, said.read_text(), seconds)

    def _environment(self) -> dict[str, str]:
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        return {"PATH": path, "XDG_STATE_HOME": str(self.state), "COLUMNS": "80"}


def make_command_line(folder: Path) -> CommandLine:
    """A project with our own profiles and charts."""
    project, state = folder / "project", folder / "state"
    for part in ("profiles", "charts/umbrella"):
        shutil.copytree(ROOT / part, project / part)
    state.mkdir()
    return CommandLine(project, state)
