"""Start, use and stop a local cluster."""

from __future__ import annotations

import contextlib
import fcntl
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.cluster.helm import Helm
from generator.cluster.kubectl import Access, Kubectl
from generator.cluster.local import namespace
from generator.cluster.local.credentials import kubeconfig_of
from generator.cluster.local.nodes import SimNode
from generator.cluster.local.processes import kill, strays
from generator.cluster.local.starting import Start
from generator.cluster.local.state import RUNTIME, State, default_dir, load
from generator.cluster.runner import CommandRunner, SystemRunner
from generator.errors import UserError
from generator.toolchain import Progress, SilentProgress, ensure
from generator.toolchain.table import NEWEST


@dataclass(frozen=True)
class Status:
    """A cluster as it stands: "running", "broken" when part of it has ended, or "stopped".

    `ended` names the programs that should run and do not; `memory` is resident, in bytes.
    """

    phase: str
    version: str = ""
    rootless: bool = False
    ended: tuple[str, ...] = ()
    memory: int = 0


class LocalCluster:
    """One local cluster, known by its state folder; any process of the same user can use or stop it."""

    def __init__(
        self,
        name: str = "local",
        *,
        state_dir: Path | None = None,
        runner: CommandRunner | None = None,
        progress: Progress | None = None,
    ) -> None:
        self.name = name
        self.folder = (state_dir or default_dir(name)).absolute()
        self._runner = runner or SystemRunner()
        self._progress = progress or SilentProgress()

    def start(
        self,
        nodes: Sequence[SimNode],
        version: str = NEWEST,
        *,
        rootless: bool | None = None,
        timeout: float = 120,
    ) -> None:
        """Start it and wait until every node is Ready, at most `timeout` seconds for each step.

        `rootless` says whether to use a user namespace; by default only where we are not root.
        Raises UserError when it runs already, CommandError when a program fails; then nothing runs on.
        """
        tools = {name: self._tool(name) for name in ("etcd", "kwok", "kubectl")}
        tools["control-plane"] = self._tool("control-plane", version)
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._alone():
            if self.status().phase == "running":
                raise UserError(f"the local cluster {self.name} runs already", hint="stop it first")
            self._clear()
            try:
                user = namespace.must_be_rootless() if rootless is None else rootless
                start = Start(self.folder, tools, State(version, user), self._progress, timeout)
                start.run(nodes, self.name, self.kubectl)
            except BaseException:
                self._clear()
                raise

    def stop(self) -> None:
        """End everything that belongs to it and remove its data; no failure when it does not run."""
        if self.folder.is_dir():
            with self._alone():
                self._clear()

    def status(self) -> Status:
        """How it stands now."""
        state = load(self.folder)
        if state is None or not any(process.alive for process in state.processes):
            return Status("stopped")
        ended = tuple(process.name for process in state.processes if not process.alive)
        memory = sum(process.memory for process in state.processes)
        phase = "broken" if ended else "running"
        return Status(phase, state.version, state.rootless, ended, memory)

    def enter(self) -> tuple[str, ...]:
        """What goes before a command to run it inside the cluster's network. Raises UserError."""
        state = load(self.folder)
        if state is None or not state.processes or not state.processes[0].alive:
            raise UserError(f"the local cluster {self.name} does not run", hint="start it first")
        return namespace.prefix(state.processes[0], rootless=state.rootless)

    def access(self) -> Access:
        """How helm and kubectl get to it, as its administrator."""
        return Access(kubeconfig_of(self.folder / "pki", "admin"), self.name, self.enter())

    def kubectl(self) -> Kubectl:
        """kubectl for this cluster."""
        return Kubectl(self._tool("kubectl"), self._runner, self.access())

    def helm(self, major: int = 4) -> Helm:
        """helm of that major version (3 or 4) for this cluster."""
        return Helm(self._tool(f"helm{major}"), self._runner, self.access())

    def _tool(self, name: str, version: str | None = None) -> Path:
        return ensure(name, version=version, runner=self._runner, progress=self._progress)

    def _clear(self) -> None:
        """Last started, first ended: nothing is left to complain about a missing server."""
        state = load(self.folder)
        kill(reversed(state.processes if state else ()))
        kill(strays(self.folder))
        for name in RUNTIME:
            path = self.folder / name
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """One start or stop at a time, across processes."""
        with (self.folder / "lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                hint = "wait for it to finish"
                message = f"the local cluster {self.name} is being started or stopped by another process"
                raise UserError(message, hint=hint) from error
            yield
