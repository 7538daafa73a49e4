"""From surveyed machines to a cluster: one after the other, in the order in which machines join."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from generator.cluster.runner import Result
from generator.errors import CommandError
from generator.machines.cluster import Machine, Role, Site
from generator.machines.running.remote import Task, shown, task
from generator.machines.running.ssh import Remote
from generator.machines.running.survey import AS_WANTED, CHECK_FAILED, DIFFERS, State, Survey
from generator.toolchain import Progress

JOIN_FILE_SECONDS = 3600.0
"""A join file is used for so long; kubeadm's tokens are good for twice the time."""

_NEXT = {
    CHECK_FAILED: "mend what the checks say and run this again, or add --ignore-checks",
    6: "NotDrained: drain the node, then its script there with --apply --drained, or leave it to the chart "
    "node-prep; otherwise run this again",
    7: "prepare this operating system by its own means, then run this again",
    8: "going back failed too: look at this machine before anything else",
}


@dataclass(frozen=True)
class Wish:
    """How machines are to be prepared; the options are those of the script, and kubeadm's."""

    options: tuple[str, ...] = ()
    start_options: tuple[str, ...] = ()
    ignore_checks: bool = False


@dataclass(frozen=True)
class Outcome:
    """What became of a machine: in `done` in a few words, or the problem."""

    machine: Machine
    done: str = ""
    problem: CommandError | None = None


@dataclass
class BringUp:
    """Prepares machines and lets them into the cluster. The join file is in memory alone."""

    remote: Remote
    site: Site
    wish: Wish
    progress: Progress
    _join_file: str = field(default="", repr=False)
    _made: float = 0.0

    def run(self, surveys: Sequence[Survey]) -> Iterator[Outcome]:
        """One outcome after the other; ends with a control plane's problem, as others build on it."""
        for one in surveys:
            try:
                yield Outcome(one.machine, self._bring(one))
            except CommandError as error:
                yield Outcome(one.machine, problem=error)
                if one.machine.is_server:
                    return

    def _bring(self, one: Survey) -> str:
        machine, joined = one.machine, one.state is State.JOINED
        if one.is_done:
            return "a check fails" if one.code == CHECK_FAILED else "is as wanted"
        with self.progress.working(f"{machine.name}: preparing"):
            self._prepare(machine, joined=joined)
        if joined:
            return "is prepared"
        if machine.role is Role.FIRST:
            self._start(machine, "starting the cluster", "--start")
            return "has started the cluster"
        self._start(machine, "joining", "--start", "-", payload=self._fresh_join_file())
        return "has joined"

    def _prepare(self, machine: Machine, *, joined: bool) -> None:
        may_fail = (CHECK_FAILED,) if joined or self.wish.ignore_checks else ()
        work = task("--apply", *self.wish.options, goes_on=True)
        self._run(machine, work, "preparing", (AS_WANTED, *may_fail))

    def _start(self, machine: Machine, what: str, *words: str, payload: str = "") -> None:
        more = ("--", *self.wish.start_options) if self.wish.start_options else ()
        work = task(*words, *more, payload=payload, goes_on=True)
        with self.progress.working(f"{machine.name}: {what}"):
            self._run(machine, work, what)

    def _fresh_join_file(self) -> str:
        if not self._join_file or time.monotonic() - self._made > JOIN_FILE_SECONDS:
            first = self.site.machines[0]
            with self.progress.working(f"{first.name}: making a join file"):
                said = self._run(first, task("--join-file", "-"), "making a join file", secret=True)
            self._join_file, self._made = said.stdout, time.monotonic()
        return self._join_file

    def _run(
        self,
        machine: Machine,
        work: Task,
        what: str,
        codes: tuple[int, ...] = (AS_WANTED,),
        *,
        secret: bool = False,
    ) -> Result:
        said = self.remote.run(machine, work)
        if said.code in codes:
            return said
        raise CommandError(
            f"{machine.name}: {what} failed with exit code {said.code}",
            command=f"{self.remote.place(machine).ssh} {shown(machine.name, work.calls)}",
            output=said.stderr if secret else f"{said.stdout}{said.stderr}",
            hint=_NEXT.get(said.code, "mend what the machine says above, and run this again"),
        )


def to_change(surveys: Sequence[Survey]) -> list[str]:
    """Names of the machines on which there is something to do."""
    return [one.machine.name for one in surveys if not one.is_done]


def intention(one: Survey) -> str:
    """What would become of a machine, in a few words."""
    if one.state is State.CUT_SHORT:
        return "an earlier start did not finish"
    if one.state is State.BARE:
        what = "starts the cluster" if one.machine.role is Role.FIRST else "joins"
        return f"would be prepared, then {what}"
    words = {DIFFERS: "in the cluster, differs", CHECK_FAILED: "in the cluster, a check fails"}
    return words.get(one.code, "in the cluster, as wanted")
