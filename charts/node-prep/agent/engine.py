"""One run on one machine: recover, look, plan, take the lease, drain, change, verify, commit or go back."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from agent import names
from agent.actions.base import Action
from agent.errors import AgentError, Interrupted, KubeError, RollbackFailed, StepFailed, Waiting
from agent.host import Host
from agent.lock import only_agent
from agent.memory import MAX_INTERRUPTIONS, Memory, plan_key, recall, remember
from agent.ports import Cluster, Drain, Lease
from agent.report import Report
from agent.settings import Settings
from agent.signals import uninterrupted
from agent.steps.base import Candidate, StepPlan, View
from agent.survey import actions_of, plan_steps, refuse_immutable, run_checks
from agent.transaction import Store, Transaction, is_committed


@dataclass(frozen=True)
class Ports:
    """The ways to the cluster."""

    cluster: Cluster
    drain: Drain
    lease: Lease


class Engine:
    """Brings one machine to what the settings say, or leaves it as it was."""

    def __init__(self, host: Host, settings: Settings, ports: Ports, report: Report) -> None:
        self.host = host
        self.settings = settings
        self.ports = ports
        self.report = report
        self.store = Store(host, ports.cluster, settings.state_dir)
        self.view = View(host, settings, ports.cluster)
        self.state: Path = host.real(settings.state_dir)

    def plan(self) -> None:
        """Only look."""
        refuse_immutable(self.host)
        self.report.plans = plan_steps(self.view)
        self.report.checks = run_checks(self.view)
        unfinished = [item.name for item in self.store.all() if not is_committed(item.events())]
        self.report.done += [f"an interrupted run waits for recovery: {name}" for name in unfinished]

    def recover(self) -> None:
        """Finish or take back what a killed run left, its cordon included; needs no API server."""
        with only_agent(self.state.parent.parent):
            self._recover()
        with contextlib.suppress(KubeError):
            self.ports.drain.finish()

    def apply(self, *, retry: bool = False) -> None:
        """Make the machine as wanted."""
        with only_agent(self.state.parent.parent):
            self._recover()
            self.plan()
            actions = actions_of(self.report.plans, self.host)
            if self.report.refusals:
                return
            if actions:
                self._refuse_repetition(plan_key(actions), retry)
                self._check_candidates()
                self._change(actions)
            self._tidy_as_wanted()

    def undo(self, *, force: bool = False) -> None:
        """Take back everything the agent ever changed here."""
        with only_agent(self.state.parent.parent):
            self._recover()
            committed = self.store.committed()
            if committed:
                self._refuse_conflicts(committed, force)
                self._take_lease([action for item in committed for action in item.actions])
                for transaction in reversed(committed):
                    with uninterrupted():
                        transaction.undo()
                        transaction.drop()
                    self.report.done.append(f"took back {transaction.name}")
            self._tidy()
            self._forget()

    def _recover(self) -> None:
        with uninterrupted():
            said = self.store.recover()
        self.report.done += said
        if any("interrupted" in item for item in said):
            memory = recall(self.state)
            self._remember(dataclasses.replace(memory, interrupted=memory.interrupted + 1))

    def _refuse_repetition(self, key: str, retry: bool) -> None:
        memory = recall(self.state)
        if retry:
            return
        if memory.failed == key:
            raise StepFailed(
                f"this plan failed before ({memory.message}); repeat with --retry, or change the settings",
                reason="FailedBefore",
            )
        if memory.interrupted >= MAX_INTERRUPTIONS:
            raise StepFailed(
                f"killed {memory.interrupted} times while changing this machine; repeat with --retry",
                reason="Interrupted",
            )

    def _check_candidates(self) -> None:
        """Before the lease and the drain: a configuration its own program refuses costs nobody anything."""
        candidates = [item for plan in self.report.plans.values() for item in plan.candidates]
        try:
            problems = list(filter(None, map(self._problem_of, candidates)))
        except OSError as error:
            raise StepFailed(f"nothing was changed: {error}", reason=type(error).__name__) from error
        if problems:
            raise StepFailed(f"nothing was changed: {'; '.join(problems)}", reason="CandidateRejected")

    def _problem_of(self, candidate: Candidate) -> str:
        disk, folder = self.host.disk, self.state / "candidate"
        disk.rmtree(folder)
        disk.makedirs(folder, 0o700)
        try:
            return candidate.problem(self.host, f"{self.settings.state_dir}/candidate")
        finally:
            disk.rmtree(folder)
            disk.rmdir(self.state)
            disk.rmdir(self.state.parent)

    def _take_lease(self, actions: Sequence[Action], name: str = "undo") -> None:
        self.ports.lease.acquire()
        if any(action.disruptive for action in actions):
            self.ports.lease.phase(names.PHASE_DRAINING)
            try:
                self.ports.drain.start(name)
            except (Waiting, Interrupted):
                self.ports.lease.release()
                raise
        self.ports.lease.phase(names.PHASE_CHANGING)

    def _change(self, actions: Sequence[Action]) -> None:
        transaction = self.store.new(self.report.plan_hash, actions)
        self._take_lease(actions, transaction.name)
        self._refuse_stale(actions)
        try:
            transaction.stage()
            transaction.run()
            self._verify()
            with uninterrupted():
                transaction.commit()
        except (AgentError, OSError) as error:
            self._go_back(transaction, actions, error)
        self._remember(Memory())
        self.report.done += [action.describe().splitlines()[0] for action in actions]

    def _refuse_stale(self, actions: Sequence[Action]) -> None:
        """A drain takes minutes: what was planned before it must still be what there is to do."""
        now = actions_of(plan_steps(self.view), self.host)
        if plan_key(now) != plan_key(actions):
            self._tidy()
            raise Waiting("somebody changed the machine while it was drained", reason="ChangedMeanwhile")

    def _verify(self) -> None:
        plans = plan_steps(self.view, without_api=True)
        left = [f"{name}: {_first(plan)}" for name, plan in plans.items() if plan.actions or plan.refusal]
        if left:
            raise StepFailed(f"not as wanted after the change: {'; '.join(left)}", reason="NotVerified")
        with contextlib.suppress(KubeError):
            # Without the API nobody can say; what can be seen from here is right, and the cordon stays.
            problem = self.ports.cluster.wait_ready(self.settings.health_seconds)
            if problem:
                raise StepFailed(f"the node is not Ready after the change: {problem}", reason="NotReady")
        self.report.plans, self.report.checks = plans, run_checks(self.view)

    def _go_back(self, transaction: Transaction, actions: Sequence[Action], error: Exception) -> None:
        """Restore, keep the lease so that no second node tries the same, and raise why."""
        with uninterrupted():
            try:
                if "begin" in transaction.events():
                    transaction.rollback()
            except (AgentError, OSError) as second:
                self._hold(f"{error}; {second}")
                if isinstance(second, KubeError):
                    raise KubeError(f"{error}; {second}", status=second.status) from error
                raise RollbackFailed(f"{error}; then {second}") from error
            # On a full disk neither of the two is possible; the next run drops the folder.
            with contextlib.suppress(OSError):
                transaction.drop()
            if isinstance(error, Interrupted):
                with contextlib.suppress(KubeError):
                    self._tidy()
                raise error
            with contextlib.suppress(OSError):
                self._remember(Memory(plan_key(actions), str(error)[:500]))
            self._hold(str(error))
            with contextlib.suppress(KubeError):
                self.ports.drain.finish()
        reason = error.reason if isinstance(error, AgentError) else type(error).__name__
        raise StepFailed(f"{error}; everything is as before", reason=reason) from error

    def _hold(self, why: str) -> None:
        with contextlib.suppress(KubeError):
            self.ports.lease.phase(names.PHASE_FAILED, why)

    def _tidy(self) -> None:
        """Uncordon what we cordoned and give the lease back; also what a killed run left of it."""
        self.ports.drain.finish()
        self.ports.lease.release()

    def _tidy_as_wanted(self) -> None:
        try:
            self._tidy()
        except KubeError as error:
            message = f"the machine is as wanted; the node is given back once the API server answers: {error}"
            raise KubeError(message, status=error.status) from error

    def _remember(self, memory: Memory) -> None:
        if memory != recall(self.state):
            remember(self.host.disk, self.state, memory)

    def _refuse_conflicts(self, committed: Sequence[Transaction], force: bool) -> None:
        newest = {
            str(vars(action).get("path", action)): (action, item)
            for item in committed
            for action in item.actions
        }
        found = [problem for action, item in newest.values() if (problem := action.conflict(item.context))]
        if found and not force:
            raise StepFailed(f"{'; '.join(found)}: --force loses those changes", reason="Conflict")

    def _forget(self) -> None:
        """Nothing of us is left on the machine."""
        disk = self.host.disk
        if self.state.exists():
            disk.rmtree(self.state)
            disk.rmdir(self.state.parent)


def _first(plan: StepPlan) -> str:
    return plan.refusal or plan.actions[0].describe().splitlines()[0]
