"""The steps of a start, each with what it waits for."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from generator.cluster.kubectl import Kubectl
from generator.cluster.local import components, namespace
from generator.cluster.local.components import Component
from generator.cluster.local.credentials import write_credentials
from generator.cluster.local.nodes import SimNode
from generator.cluster.local.populating import create_nodes, ready_nodes
from generator.cluster.local.processes import Process, check_alive, spawn
from generator.cluster.local.state import State, save
from generator.errors import CommandError
from generator.toolchain import Progress


class Start:
    """A start under way. It only goes forward: who calls it undoes everything when a step fails."""

    def __init__(
        self, folder: Path, tools: Mapping[str, Path], state: State, progress: Progress, timeout: float
    ) -> None:
        self._folder = folder
        self._tools = tools
        self._state = state
        self._progress = progress
        self._timeout = timeout

    def run(self, nodes: Sequence[SimNode], context: str, kubectl: Callable[[], Kubectl]) -> None:
        """All steps; `kubectl` gives one for the cluster once its network namespace is there."""
        self._remember(namespace.hold(self._folder, rootless=self._state.rootless))
        self._launch(components.etcd(self._tools, self._folder))
        write_credentials(self._folder / "pki", context)
        self._launch(components.api_server(self._tools, self._folder))
        client = kubectl()
        self._wait("the API server", lambda: _succeeds(client, "get", "--raw", "/readyz"))
        for component in (components.controller_manager, components.scheduler, components.kwok):
            self._launch(component(self._tools, self._folder))
        create_nodes(client, nodes, self._state.version, self._timeout)
        self._wait(
            "the controllers", lambda: _succeeds(client, "get", "serviceaccount", "default", "-n", "default")
        )
        self._wait(f"{len(nodes)} nodes", lambda: ready_nodes(client) >= len(nodes))

    def _launch(self, component: Component) -> None:
        inside = namespace.prefix(self._state.processes[0], rootless=self._state.rootless)
        log = self._folder / "logs" / f"{component.name}.log"
        self._remember(spawn(component.name, (*inside, *component.argv), log, self._folder))

    def _remember(self, process: Process) -> None:
        self._state = self._state.having(process)
        save(self._folder, self._state)

    def _wait(self, what: str, done: Callable[[], bool]) -> None:
        """Until `done`; raises CommandError when a program of the cluster has ended or the time is over."""
        deadline = time.monotonic() + self._timeout
        with self._progress.working(f"waiting for {what}"):
            while not done():
                check_alive(self._state.processes)
                if time.monotonic() > deadline:
                    raise self._too_late(what)
                time.sleep(0.1)

    def _too_late(self, what: str) -> CommandError:
        tails = (f"{process.name}:\n{process.log_tail(5)}" for process in self._state.processes[1:])
        return CommandError(
            f"{what} did not become ready within {self._timeout:g} s",
            command="local cluster start",
            output="\n".join(tails),
            hint=f"the whole logs are in {self._folder / 'logs'}",
        )


def _succeeds(kubectl: Kubectl, *arguments: str) -> bool:
    return kubectl.run(*arguments, check=False, timeout=20).code == 0
