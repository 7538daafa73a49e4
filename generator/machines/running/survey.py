"""How each machine is, and what its script would change; nothing is changed for that."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import Enum

from generator.cluster.runner import Result
from generator.errors import CommandError
from generator.machines.cluster import Machine, Role
from generator.machines.running.remote import Task, shown
from generator.machines.running.ssh import Remote

AT_ONCE = 8
"""Machines that are looked at side by side."""

AS_WANTED, DIFFERS, CHECK_FAILED = 0, 4, 5
"""Exit codes of a script's plan."""


class State(Enum):
    """What a machine is to the cluster, in the script's own word."""

    BARE = "bare"
    JOINED = "joined"
    CUT_SHORT = "cut-short"


@dataclass(frozen=True)
class Survey:
    """One machine as it was found; `plan` is the script's own text."""

    machine: Machine
    state: State
    code: int
    plan: str

    @property
    def is_done(self) -> bool:
        """Whether there is nothing to do on it."""
        return self.state is State.JOINED and self.code != DIFFERS


def survey(
    remote: Remote, machines: Sequence[Machine], options: Sequence[str]
) -> list[Survey | CommandError]:
    """Look at all machines; the trouble with one is in its place. `options` are the script's."""

    def look(machine: Machine) -> Survey | CommandError:
        try:
            return _look(remote, machine, options)
        except CommandError as error:
            return error

    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        return list(pool.map(look, machines))


def _look(remote: Remote, machine: Machine, options: Sequence[str]) -> Survey:
    work = Task((("--state",), ("--plan", *options)))
    said = remote.run(machine, work)
    word, _, text = said.stdout.partition("\n")
    if said.code not in (AS_WANTED, DIFFERS, CHECK_FAILED) or word not in {one.value for one in State}:
        raise _no_plan(remote, machine, work, said)
    return Survey(machine, State(word), said.code, f"{text}{said.stderr}")


def _no_plan(remote: Remote, machine: Machine, work: Task, said: Result) -> CommandError:
    return CommandError(
        f"{machine.name} does not say what would change (exit code {said.code})",
        command=f"{remote.place(machine).ssh} {shown(machine.name, work.calls)}",
        output=f"{said.stdout}{said.stderr}",
        hint="see above what its script says",
    )


def refusal(remote: Remote, surveys: Sequence[Survey], distribution: str) -> CommandError | None:
    """Why nothing may be changed as the machines are; None when it may."""
    for one in surveys:
        if one.state is State.CUT_SHORT:
            ssh = remote.place(one.machine).ssh
            return CommandError(
                f"{one.machine.name}: an earlier start did not finish",
                command=f"{ssh} journalctl -u kubelet",
                hint=f"find out why, then: {ssh} sudo kubeadm reset, and run this again",
            )
    return _two_clusters(remote, surveys, distribution)


def _two_clusters(remote: Remote, surveys: Sequence[Survey], distribution: str) -> CommandError | None:
    """A first control plane that is new would start a second cluster beside that of the others."""
    first = next(one for one in surveys if one.machine.role is Role.FIRST)
    others = [one.machine.name for one in surveys if one.state is State.JOINED and one is not first]
    if first.state is State.JOINED or not others:
        return None
    return CommandError(
        f"{first.machine.name} is not in a cluster, but {', '.join(others)} already is",
        command=f"{remote.place(first.machine).ssh} sh {first.machine.name}.sh --state",
        hint="the first control plane of the profile starts the cluster: name one first that is in it, "
        f"or take the others out of theirs ({'kubeadm reset' if distribution == 'kubeadm' else 'uninstall'})",
    )
