"""One `labhelm machines PROFILE --run`: look, show, ask, change, and say how the cluster is then."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from generator.errors import EXIT_COMMAND, CommandError, UserError
from generator.machines.cluster import Machine, Role, Site
from generator.machines.running.bringup import BringUp, Wish, intention, to_change
from generator.machines.running.nodes import admin_kubeconfig, node_statuses
from generator.machines.running.ssh import Remote
from generator.machines.running.survey import CHECK_FAILED, DIFFERS, State, Survey, refusal, survey
from generator.toolchain import Progress


@dataclass(frozen=True)
class Session:
    """What a run works with; `may_change` is asked once, with what would be changed.

    The administrator's kubeconfig goes to `kubeconfig`, if that is wanted.
    """

    remote: Remote
    site: Site
    wish: Wish
    progress: Progress
    may_change: Callable[[str], bool]
    kubeconfig: Path | None = None

    def run(self, only: Sequence[str] = ()) -> int:
        """The exit code: 0 as wanted, 1 a machine has a problem, 4 nothing was changed though it could be.

        Raises CommandError when nothing could be begun.
        """
        surveys = self._survey(self._chosen(only))
        names = to_change(surveys)
        if not names:
            return self._conclude(surveys)
        if trouble := refusal(self.remote, surveys, self.site.profile.cluster.distribution):
            raise trouble
        if not self.may_change(f"{len(names)} of {len(surveys)} machines: {', '.join(names)}"):
            click.echo("nothing was changed")
            return DIFFERS
        return self._change(surveys)

    def _chosen(self, only: Sequence[str]) -> list[Machine]:
        """The named machines, or all; the first control plane is looked at in any case."""
        machines = self.site.machines
        if unknown := sorted(set(only) - {one.name for one in machines}):
            raise UserError(
                f"no such machine: {', '.join(unknown)}", hint=f"one of {', '.join(m.name for m in machines)}"
            )
        return [one for one in machines if not only or one.name in only or one.role is Role.FIRST]

    def _survey(self, machines: Sequence[Machine]) -> list[Survey]:
        with self.progress.working(f"looking at {len(machines)} machines"):
            found = survey(self.remote, machines, self.wish.options)
        for one in found:
            click.echo(f"error: {one}" if isinstance(one, CommandError) else _survey_text(one))
        troubles = [one for one in found if isinstance(one, CommandError)]
        if not troubles:
            return [one for one in found if isinstance(one, Survey)]
        raise CommandError(
            f"{len(troubles)} of {len(found)} machines could not be looked at; nothing was changed",
            command=troubles[0].command,
            hint="what to do stands with each of them above; --machine NAME leaves others out",
        )

    def _change(self, surveys: Sequence[Survey]) -> int:
        bring_up = BringUp(self.remote, self.site, self.wish, self.progress)
        problems = done = 0
        try:
            for outcome in bring_up.run(surveys):
                done += 1
                problems += outcome.problem is not None
                click.echo(
                    f"error: {outcome.problem}"
                    if outcome.problem
                    else f"{outcome.machine.name} {outcome.done}"
                )
        except KeyboardInterrupt:
            name = surveys[done].machine.name
            click.echo(
                f"\nwhat was under way on {name} goes on there; the same command waits for it", err=True
            )
            raise
        if left := [one.machine.name for one in surveys[done:]]:
            click.echo(f"not begun: {', '.join(left)}")
        if problems:
            click.echo("the same command goes on from here, once that is mended")
            return EXIT_COMMAND
        return self._conclude(surveys)

    def _conclude(self, surveys: Sequence[Survey]) -> int:
        with self.progress.working("waiting for the nodes to be Ready"):
            nodes = node_statuses(self.remote, self.site, [one.machine.name for one in surveys])
        for node in nodes:
            state = "Ready" if node.ready else f"not Ready: {node.message}"
            click.echo(f"  {node.name}  {node.version}  {state}")
        waiting = [node for node in nodes if not node.ready]
        if waiting and all(node.lacks_network for node in waiting):
            click.echo(
                f"the machines are done; nodes are Ready when the pod network ({self._network}) is there"
            )
        elif waiting:
            click.echo(
                f"not Ready: {', '.join(node.name for node in waiting)}; see why: kubectl describe node"
            )
            return EXIT_COMMAND
        else:
            click.echo("all nodes are Ready")
        self._fetch_kubeconfig()
        return 0

    @property
    def _network(self) -> str:
        return self.site.profile.cluster.cni

    def _fetch_kubeconfig(self) -> None:
        if self.kubeconfig is None:
            click.echo("for kubectl: the same command with --kubeconfig FILE")
            return
        # Nobody else may read it, not even for a moment.
        self.kubeconfig.unlink(missing_ok=True)
        self.kubeconfig.touch(mode=0o600)
        self.kubeconfig.write_text(admin_kubeconfig(self.remote, self.site))
        click.echo(f"for kubectl: export KUBECONFIG={shlex.quote(str(self.kubeconfig))}    (secret)")


def _survey_text(one: Survey) -> str:
    """A line, and what the script says where something is not as wanted."""
    machine = one.machine
    line = f"{machine.name}  {machine.address}  {machine.role.value}: {intention(one)}"
    if one.state is State.JOINED and one.code not in (DIFFERS, CHECK_FAILED):
        return line
    return "\n".join([line, *(f"  | {text}" for text in one.plan.splitlines())])
