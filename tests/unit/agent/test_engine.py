"""Who is asked and told in the cluster, in which order, and what stays when something fails."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from agent.engine import Ports
from agent.errors import (
    EXIT_CHECKS,
    EXIT_DRIFT,
    EXIT_FAILED,
    EXIT_INTERRUPTED,
    EXIT_OK,
    EXIT_WAITING,
    Interrupted,
    KubeError,
    Waiting,
)

from tests.unit.agent.bed import FakeMachine, Machine, difference, settings_of
from tests.unit.agent.test_cycle import prepare

OPTED_IN = {"labhelm.io/node-prep": "apply"}


@dataclass
class FakeCluster:
    """All three ports in one, writing down what they are asked; `fail` raises at the first call of a name."""

    labels: dict[str, str | None] = field(default_factory=lambda: dict(OPTED_IN))
    taints: list[Mapping[str, Any]] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    fail: dict[str, Exception] = field(default_factory=dict)
    not_ready: str = ""
    published: list[tuple[bool, str, str, dict[str, str]]] = field(default_factory=list)
    joined = True

    def tell(self, what: str) -> None:
        self.told.append(what)
        for name, error in self.fail.items():
            if what.startswith(name):
                raise error

    def metadata(self) -> tuple[Mapping[str, str], Sequence[Mapping[str, Any]]]:
        self.tell("metadata")
        return {key: value for key, value in self.labels.items() if value is not None}, self.taints

    def set_metadata(
        self, labels: Mapping[str, str | None], taints: Sequence[Mapping[str, Any]] | None
    ) -> None:
        self.tell("set")
        self.labels.update(labels)
        self.taints = list(taints) if taints is not None else self.taints

    def wait_ready(self, seconds: float) -> str:
        self.tell("ready?")
        return self.not_ready

    def publish(self, ok: bool, reason: str, message: str, annotations: Mapping[str, str]) -> None:
        self.tell("publish")
        self.published.append((ok, reason, message, dict(annotations)))

    def start(self, transaction: str) -> None:
        self.tell("drain")

    def finish(self) -> None:
        self.tell("uncordon")

    def acquire(self) -> None:
        self.tell("acquire")

    def phase(self, phase: str, reason: str = "") -> None:
        self.tell(f"phase {phase}")

    def renew(self) -> None:
        self.tell("renew")

    def release(self) -> None:
        self.tell("release")

    @property
    def ports(self) -> Ports:
        return Ports(self, self, self)

    @property
    def steps(self) -> list[str]:
        """What was done, without looking and without the uncordon that a killed run may have left to do."""
        done = [what for what in self.told if what not in ("metadata", "publish", "ready?")]
        return done[1:] if done[:1] == ["uncordon"] else done


GENTLE: dict[str, dict[str, str]] = {"containerd": {}, "kubelet": {}, "docker": {}}


def started(machine: Machine, name: str = "debian12-bare") -> FakeMachine:
    fake = machine(name)
    prepare(fake)
    return fake


def test_disruptive_change_is_made_on_a_drained_node_under_the_lease(machine: Machine) -> None:
    fake, cluster = started(machine), FakeCluster()
    code, report = fake.run_agent("apply", settings_of("debian12-bare"), ports=cluster.ports)
    assert code == EXIT_OK, report
    order = ["acquire", "phase draining", "drain", "phase changing", "uncordon", "release"]
    assert cluster.steps == order
    ok, reason, message, annotations = cluster.published[-1]
    assert (ok, reason, message) == (True, "Prepared", "the node is as wanted")
    assert len(annotations["labhelm.io/node-prep-plan"]) == 16
    assert annotations["labhelm.io/node-prep-version"]


def test_gentle_changes_need_no_drain(machine: Machine) -> None:
    fake, cluster = started(machine), FakeCluster()
    code, report = fake.run_agent("apply", settings_of("debian12-bare", **GENTLE), ports=cluster.ports)
    assert code == EXIT_OK, report
    assert cluster.steps == ["acquire", "phase changing", "uncordon", "release"]


def test_without_the_opt_in_label_apply_only_looks(machine: Machine) -> None:
    fake, cluster = started(machine), FakeCluster(labels={})
    before = fake.snapshot(state=True)
    code, report = fake.run_agent("apply", settings_of("debian12-bare"), ports=cluster.ports)
    assert code == EXIT_DRIFT
    assert "only looked: the node has no label labhelm.io/node-prep=apply" in report
    assert fake.snapshot(state=True) == before
    assert cluster.steps == ["release"], "a node taken out of the rollout must not block the others"
    assert cluster.published[-1][:2] == (False, "Drift")


@pytest.mark.parametrize("where", ["acquire", "drain"])
def test_waiting_changes_nothing(machine: Machine, where: str) -> None:
    fake = started(machine)
    cluster = FakeCluster(fail={where: Waiting("not now", reason="DrainBlocked")})
    before = fake.snapshot()
    code, report = fake.run_agent("apply", settings_of("debian12-bare"), ports=cluster.ports)
    assert code == EXIT_WAITING
    assert "DrainBlocked: not now" in report
    assert difference(before, fake.snapshot()) == {}
    assert cluster.published[-1][0] is False
    if where == "drain":
        assert cluster.steps[-1] == "release", "another node may go first"


def test_failure_keeps_the_lease_and_uncordons_the_restored_node(machine: Machine) -> None:
    fake, cluster = started(machine), FakeCluster(not_ready="container runtime is down")
    before = fake.snapshot()
    code, report = fake.run_agent("apply", settings_of("debian12-bare"), ports=cluster.ports)
    assert code == EXIT_FAILED
    assert "NotReady: the node is not Ready after the change: container runtime is down" in report
    assert difference(before, fake.snapshot()) == {}
    assert cluster.steps[-2:] == ["phase failed", "uncordon"]
    assert "release" not in cluster.steps


def test_api_gone_before_changes_nothing(machine: Machine) -> None:
    fake, cluster = started(machine), FakeCluster(fail={"metadata": KubeError("connection refused")})
    before = fake.snapshot(state=True)
    code, _ = fake.run_agent("apply", settings_of("debian12-bare"), ports=cluster.ports)
    assert code == EXIT_WAITING
    assert fake.snapshot(state=True) == before


def test_api_gone_in_mid_run_leaves_the_wanted_state_and_the_next_run_tidies_up(machine: Machine) -> None:
    fake, cluster = started(machine), FakeCluster()
    gone = KubeError("connection refused")
    cluster.fail = {"ready?": gone, "uncordon": gone, "release": gone, "publish": gone}
    code, report = fake.run_agent("apply", settings_of("debian12-bare"), ports=cluster.ports)
    assert code == EXIT_WAITING
    assert "could not tell the cluster" in report
    wanted = fake.snapshot()
    cluster.fail, cluster.told = {}, []
    code, report = fake.run_agent("apply", settings_of("debian12-bare"), ports=cluster.ports)
    assert code == EXIT_OK, report
    assert difference(wanted, fake.snapshot()) == {}
    assert cluster.steps == ["uncordon", "release"]


def test_api_gone_does_not_keep_a_killed_run_from_being_taken_back(machine: Machine) -> None:
    fake, cluster = started(machine), FakeCluster()
    before = fake.snapshot()

    class Killed(BaseException):
        pass

    def trace(operation: str, path: str) -> None:
        if operation == "after run" and path.startswith("systemctl restart containerd"):
            raise Killed

    with pytest.raises(Killed):
        fake.run_agent("apply", settings_of("debian12-bare"), ports=cluster.ports, trace=trace)
    assert difference(before, fake.snapshot()) != {}
    cluster.fail = {"": KubeError("connection refused")}
    code, _ = fake.run_agent("apply", settings_of("debian12-bare"), ports=cluster.ports)
    assert code == EXIT_WAITING
    assert difference(before, fake.snapshot()) == {}


def test_signal_takes_everything_back_and_frees_the_lease(machine: Machine) -> None:
    fake, cluster = started(machine), FakeCluster()
    before = fake.snapshot()

    def trace(operation: str, path: str) -> None:
        if operation == "before run" and path == "systemctl restart kubelet":
            trace_once.append(path)
            if len(trace_once) == 1:
                raise Interrupted("stopped by SIGTERM")

    trace_once: list[str] = []
    code, report = fake.run_agent("apply", settings_of("debian12-bare"), ports=cluster.ports, trace=trace)
    assert code == EXIT_INTERRUPTED, report
    assert difference(before, fake.snapshot()) == {}
    assert cluster.steps[-1] == "release"
    code, report = fake.run_agent("apply", settings_of("debian12-bare"), ports=cluster.ports)
    assert code == EXIT_OK, "being stopped is no failure of the plan"


def test_labels_and_taints_come_and_go(machine: Machine) -> None:
    fake = started(machine, "containerd22-v3")
    old = {"key": "gpu", "value": "no", "effect": "NoSchedule"}
    foreign = {"key": "maintenance", "effect": "NoExecute"}
    cluster = FakeCluster(labels={**OPTED_IN, "team": "vision"}, taints=[old, foreign])
    node = {
        "labels": {"team": "speech", "labhelm.io/build": "true"},
        "taints": [{"key": "gpu", "value": "yes", "effect": "NoSchedule"}],
    }
    settings = settings_of("containerd22-v3", containerd={}, node=node)
    code, report = fake.run_agent("apply", settings, ports=cluster.ports)
    assert code == EXIT_OK, report
    assert "done: label team: vision -> speech" in report
    assert cluster.labels == {**OPTED_IN, "team": "speech", "labhelm.io/build": "true"}
    assert cluster.taints == [foreign, {"key": "gpu", "value": "yes", "effect": "NoSchedule"}]
    cluster.told.clear()
    fake.run_agent("apply", settings, ports=cluster.ports)
    assert "set" not in cluster.told
    code, report = fake.run_agent("undo", settings, ports=cluster.ports)
    assert code == EXIT_OK, report
    assert {key: value for key, value in cluster.labels.items() if value} == {**OPTED_IN, "team": "vision"}
    assert cluster.taints == [foreign, old]


def test_failed_check_is_told_and_keeps_nothing_from_being_done(machine: Machine) -> None:
    fake, cluster = started(machine), FakeCluster()
    checks = {"ports": [{"port": 6443}], "cgroupVersion": 1}
    code, report = fake.run_agent("apply", settings_of("debian12-bare", checks=checks), ports=cluster.ports)
    assert code == EXIT_CHECKS
    assert "port 6443/tcp is held by nginx (812)" in report
    assert (fake.root / "etc/sysctl.d/99-labhelm.conf").exists()
    assert cluster.published[-1][:2] == (False, "ChecksFailed")


def test_machine_in_a_cluster_is_not_disrupted_by_hand(machine: Machine) -> None:
    from agent.standalone import NoCluster, NoDrain, NoLease

    fake = started(machine)
    (fake.root / "etc/kubernetes").mkdir()
    (fake.root / "etc/kubernetes/kubelet.conf").touch()
    before = fake.snapshot()
    ports = Ports(NoCluster(), NoDrain(fake.host()), NoLease())
    code, report = fake.run_agent("apply", settings_of("debian12-bare"), ports=ports)
    assert code == EXIT_WAITING
    assert "drain the node and repeat with --drained" in report
    assert difference(before, fake.snapshot()) == {}


def test_machine_changed_during_the_drain_is_planned_anew(machine: Machine) -> None:
    fake = started(machine)
    fstab = fake.root / "etc/fstab"

    class Edited(FakeCluster):
        def start(self, transaction: str) -> None:
            fstab.write_text(fstab.read_text() + "# edited meanwhile\n")
            super().start(transaction)

    cluster = Edited()
    code, report = fake.run_agent("apply", settings_of("debian12-bare"), ports=cluster.ports)
    assert code == EXIT_WAITING
    assert "ChangedMeanwhile" in report
    assert cluster.steps[-2:] == ["uncordon", "release"]
    assert fstab.read_text().endswith("# edited meanwhile\n")
    code, report = fake.run_agent("apply", settings_of("debian12-bare"), ports=FakeCluster().ports)
    assert code == EXIT_OK, report
    fake.run_agent("undo", settings_of("debian12-bare"), ports=FakeCluster().ports)
    assert fstab.read_text().endswith("# edited meanwhile\n")


def test_signal_during_the_drain_frees_the_lease(machine: Machine) -> None:
    fake = started(machine)
    cluster = FakeCluster(fail={"drain": Interrupted("stopped by SIGTERM")})
    before = fake.snapshot()
    code, _ = fake.run_agent("apply", settings_of("debian12-bare"), ports=cluster.ports)
    assert code == EXIT_INTERRUPTED
    assert cluster.steps[-1] == "release"
    assert difference(before, fake.snapshot()) == {}


def test_a_way_back_that_waits_for_the_api_server_leaves_no_broken_machine(machine: Machine) -> None:
    fake, cluster = started(machine), FakeCluster(not_ready="kubelet stopped posting node status")
    before = fake.snapshot()
    settings = settings_of("debian12-bare", node={"labels": {"example.org/rack": "a1"}})
    set_metadata = cluster.set_metadata

    def then_gone(*what: Any) -> None:
        set_metadata(*what)
        cluster.fail["metadata"] = KubeError("GET: timed out")

    cluster.set_metadata = then_gone  # type: ignore[assignment,method-assign]
    code, report = fake.run_agent("apply", settings, ports=cluster.ports)
    assert code == EXIT_WAITING, report
    assert "the machine is as before; the node object waits for the API server" in report
    assert difference(before, fake.snapshot()) == {}
    assert cluster.labels["example.org/rack"] == "a1"
    cluster.fail.clear()
    cluster.set_metadata = set_metadata  # type: ignore[method-assign]
    code, report = fake.run_agent("recover", settings, ports=cluster.ports)
    assert code == EXIT_OK, report
    assert "took back the interrupted" in report
    assert cluster.labels["example.org/rack"] is None
