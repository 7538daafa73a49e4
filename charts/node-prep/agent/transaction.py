"""All changes of one run, or none of them.

Life of a transaction, in `<state>/transactions/<number>-<time>-<plan>/`:

1. `stage`: contents under their hashes, the manifest (path, mode, owner, hash, before and after), `begin`.
   Killed before `begin`: nothing was touched, the folder is dropped.
2. `run`: for each action the record `do`, then the action. Killed here: `recover` goes back.
3. `commit`: one record decides. From now on the folder is the backup that `undo` reads.
4. `rollback` / `undo`: the actions' way back in reverse order, then the restarts; their last record decides.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from agent.actions import ACTIONS
from agent.actions.base import Action, Context
from agent.actions.service import Restart
from agent.errors import AgentError, KubeError, RollbackFailed
from agent.host import Host
from agent.journal import Journal
from agent.ports import Cluster

FINAL = ("rolled-back", "undone")


class Transaction:
    """One set of changes with its journal and backup."""

    def __init__(self, folder: Path, actions: Sequence[Action], context: Context) -> None:
        self.folder = folder
        self.actions = tuple(actions)
        self.context = context
        self.journal = Journal(context.host.disk, folder)

    @property
    def name(self) -> str:
        """Number, time and plan."""
        return self.folder.name

    def stage(self) -> None:
        """Write backup, manifest and the record that opens the transaction."""
        disk = self.context.host.disk
        disk.makedirs(self.folder / "contents", 0o700)
        for action in self.actions:
            for name, data in action.contents().items():
                disk.write(self.folder / "contents" / name, data, 0o600)
        items = [{"kind": action.kind, **action.to_json()} for action in self.actions]
        text = json.dumps({"actions": items}, indent=1).encode()
        disk.write(self.folder / "manifest.json", text, 0o600)
        disk.sync(self.folder / "contents")
        self.journal.prepare()
        disk.sync(self.folder)
        self.journal.add("begin", manifest=hashlib.sha256(text).hexdigest())
        disk.sync(self.folder)

    def run(self) -> None:
        """Make the changes in order; raises at the first that fails."""
        for index, action in enumerate(self.actions):
            self.journal.add("do", index=index)
            action.apply(self.context)

    def commit(self) -> None:
        """From here on the machine is as wanted."""
        self.journal.add("committed")
        # What is left over of the quick way back is dropped by the next run.
        with contextlib.suppress(OSError):
            self.settle()

    def settle(self) -> None:
        """Drop the quick way back; safe to repeat."""
        for action in self.actions:
            action.settle(self.context)

    def rollback(self) -> None:
        """Back to the state before; raises RollbackFailed and stays open when that is not possible."""
        # Decides over a record of the commit that may be there although its fsync failed.
        with contextlib.suppress(OSError):
            self.journal.repair()
            self.journal.add("rolling-back")
        self._back("rolled-back")

    def undo(self) -> None:
        """The same for a committed transaction."""
        self.journal.add("undoing")
        self._back("undone")

    def drop(self) -> None:
        """Forget it."""
        self.context.host.disk.rmtree(self.folder)

    def events(self) -> list[str]:
        """Names of the records so far."""
        return [str(record["event"]) for record in self.journal.records()]

    @property
    def disruptive(self) -> bool:
        """True when going either way restarts something that containers notice."""
        return any(action.disruptive for action in self.actions)

    def _back(self, last: str) -> None:
        self.journal.repair()
        started = [record["index"] for record in self.journal.records() if record["event"] == "do"]
        actions = [self.actions[index] for index in started]
        files = [action for action in reversed(actions) if not isinstance(action, Restart)]
        restarts = [action for action in actions if isinstance(action, Restart)]
        failed = [(action, error) for action in (*files, *restarts) if (error := self._revert(action))]
        problems = "; ".join(f"{action.describe().splitlines()[0]}: {why}" for action, why in failed)
        if failed and all(isinstance(error, KubeError) and not error.status for _, error in failed):
            # As right after a power loss: the next try comes soon, and nobody need look.
            raise KubeError(f"the machine is as before; the node object waits for the API server: {problems}")
        if failed:
            raise RollbackFailed(f"going back failed: {problems}")
        self.journal.add(last)

    def _revert(self, action: Action) -> Exception | None:
        # One that fails must not keep the others from being restored.
        try:
            action.revert(self.context)
        except (AgentError, OSError) as error:
            return error
        return None


def is_committed(events: Sequence[str]) -> bool:
    """True when the machine is as this transaction wanted it."""
    return "committed" in events and not {"rolling-back", "undoing"} & set(events)


class Store:
    """The transactions of one machine."""

    def __init__(self, host: Host, cluster: Cluster, state_dir: str) -> None:
        self._host = host
        self._cluster = cluster
        self.folder = host.real(state_dir) / "transactions"

    def new(self, plan: str, actions: Sequence[Action]) -> Transaction:
        """A transaction that is not staged yet; its number gives the order, as clocks may be set back."""
        numbers = [int(item.name.split("-")[0]) for item in self.all()]
        moment = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
        name = f"{max(numbers, default=0) + 1:04d}-{moment}-{plan}"
        return Transaction(self.folder / name, actions, Context(self._host, self._cluster, name))

    def all(self) -> list[Transaction]:
        """Every transaction on disk, oldest first."""
        folders = sorted(self.folder.iterdir()) if self.folder.is_dir() else []
        return [self._load(folder) for folder in folders if folder.is_dir()]

    def committed(self) -> list[Transaction]:
        """What `undo` can take back, oldest first."""
        return [item for item in self.all() if is_committed(item.events())]

    def recover(self) -> list[str]:
        """Finish or take back what a killed run left; says what it did."""
        said = []
        for transaction in reversed(self.all()):
            events = transaction.events()
            if "begin" not in events or events[-1] in FINAL:
                transaction.drop()
            elif "undoing" in events:
                transaction.undo()
                transaction.drop()
                said.append(f"finished the undo of {transaction.name}")
            elif "committed" in events and "rolling-back" not in events:
                transaction.settle()
            else:
                transaction.rollback()
                transaction.drop()
                said.append(f"took back the interrupted {transaction.name}")
        return said

    def _load(self, folder: Path) -> Transaction:
        manifest = folder / "manifest.json"
        context = Context(self._host, self._cluster, folder.name)
        begin = [item for item in Journal(self._host.disk, folder).records() if item["event"] == "begin"]
        if not begin:
            return Transaction(folder, (), context)
        text = manifest.read_bytes()
        if hashlib.sha256(text).hexdigest() != begin[0]["manifest"]:
            raise RollbackFailed(f"{manifest} is damaged: restore by hand from {folder}")

        def content(name: str) -> bytes:
            return (folder / "contents" / name).read_bytes()

        items: list[dict[str, Any]] = json.loads(text)["actions"]
        actions = [ACTIONS[item.pop("kind")].from_json(item, content) for item in items]
        return Transaction(folder, actions, context)
