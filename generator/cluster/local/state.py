"""What a running cluster is, on disk, so that another process can use or stop it."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from generator.cluster.local.processes import Process
from generator.errors import UserError

# Made by a start and removed by a stop; the logs stay for reading.
RUNTIME = ("state.json", "ready", "scheduler.json", "pki", "etcd")


@dataclass(frozen=True)
class State:
    """A started cluster, or one that is being started. The first process holds the network namespace."""

    version: str
    rootless: bool
    processes: tuple[Process, ...] = ()

    def having(self, process: Process) -> State:
        """The same with one more process."""
        return replace(self, processes=(*self.processes, process))


def default_dir(name: str) -> Path:
    """The state folder of the cluster of that name."""
    if not name or "/" in name or name.startswith("."):
        raise UserError(f"{name!r} cannot name a local cluster", hint="use letters, digits and dashes")
    base = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(base) / "labhelm" / name


def save(folder: Path, state: State) -> None:
    """Write the state at once and whole: a process we started and forgot could not be stopped."""
    new = folder / "state.json.new"
    new.write_text(json.dumps(asdict(state), indent=1))
    new.replace(folder / "state.json")


def load(folder: Path) -> State | None:
    """The state, or None when no cluster was started there."""
    path = folder / "state.json"
    try:
        data = json.loads(path.read_text())
        processes = tuple(Process(**process) for process in data["processes"])
        return State(data["version"], data["rootless"], processes)
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as error:
        raise UserError(f"{path} is not the state of a local cluster: {error}", hint="remove it") from error
