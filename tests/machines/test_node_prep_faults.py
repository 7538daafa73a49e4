"""Faults while a real node is changed: afterwards it works, is as before or as wanted, and says which."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from generator.cluster.runner import Result
from tests.machines.bed import Bed, Cluster, Machine, at_once
from tests.machines.bed.python_image import PYTHON, python
from tests.machines.node_prep import (
    NAMESPACE,
    OPT_IN,
    Release,
    condition,
    get,
    holders,
    pod_on,
    wait_for_reason,
)

REPOSITORY, TAG = PYTHON.split(":")
VALUES: dict[str, Any] = {
    "image": {"repository": REPOSITORY, "tag": TAG, "pullPolicy": "Never"},
    "mode": "apply",
    # Runs are started by the tests, and by a pod that starts anew.
    "intervalSeconds": 100000,
    "retrySeconds": 2,
    "drain": {"timeoutSeconds": 3},
    "settings": {
        "kubernetesVersion": "1.36",
        "swap": "off",
        "sysctls": {"vm.max_map_count": "262144"},
        "inotify": {"maxUserWatches": 1048576},
        "holds": ["runc"],
        "sshd": {"forbidRootLogin": True, "forbidPasswords": True},
        "containerd": {"manage": True},
        "kubelet": {"config": {"maxPods": 123}},
    },
    "nodes": {"kitt": {"labels": {"example.org/rack": "a1"}}},
}
FSTAB = "/dev/sdz1 / ext4 defaults 0 1\n/swapfile none swap sw 0 0\n"
FAULTY_AGENT = Path(__file__).with_name("faulty_agent.py").read_text()
ENTER_POD = """
pid=$(grep -lzx '/run/node-prep/now/loop[.]sh' /proc/[0-9]*/cmdline | cut -d/ -f3 | head -n1)
mapfile -d '' -t environment </proc/$pid/environ
exec nsenter --target=$pid --mount --uts --ipc -- env -i "${environment[@]}" python3 "$@"
"""
State = dict[str, str]
# Of swap, sysctl (2), inotify (2), a hold, labels, sshd (2), containerd (4) and the kubelet (4).
CHANGES = 17
RUN = "import sys; sys.path.insert(0, '/run/node-prep/now'); import run; sys.exit(run.main(sys.argv[1:]))"
# Where faulty_agent.py writes it, as the machine sees it.
MARK = "/var/lib/kubelet/pods/*/volumes/kubernetes.io~empty-dir/work/mark"
DONE, FAILED, WAITING = 0, 1, 6
# Tests restart it more often in ten seconds than systemd allows by default.
UNLIMITED = "[Unit]\nStartLimitIntervalSec=0\n"
# Keys for the server, and two people who have one.
SSH = """
ssh-keygen -A >/dev/null
useradd --create-home ada
mkdir -p /root/.ssh /home/ada/.ssh
ssh-keygen -q -t ed25519 -N '' -f /root/key
for home in /root /home/ada; do install -m 600 /root/key.pub $home/.ssh/authorized_keys; done
chown -R ada /home/ada/.ssh
systemctl start ssh
"""


class Node:
    """A node whose agent the tests run: in the DaemonSet's pod, with its files, account and rights."""

    def __init__(self, cluster: Cluster, name: str) -> None:
        self.cluster, self.name = cluster, name

    @property
    def machine(self) -> Machine:
        return self.cluster.bed.machines[self.name]

    def enter(self, *words: str, script: str | None = None, check: bool = False) -> Result:
        """Python in the pod; not by `kubectl exec`, which ends when containerd does."""
        argv = ["bash", "-ec", ENTER_POD, "agent", *words]
        return self.machine.run(argv, stdin=script, check=check, timeout=900)

    def run(self, *command: str) -> Result:
        """One whole run, as the DaemonSet's loop does it."""
        return self.enter("-c", RUN, *command)

    def faulty(self, *words: str, check: bool = True) -> Result:
        """See faulty_agent.py."""
        return self.enter("-B", "-", *words, script=FAULTY_AGENT, check=check)

    def state(self) -> State:
        """What the agent changes here, as it is now."""
        found: State = json.loads(self.faulty("state").stdout)
        return found

    def killed(self, command: str, points: Sequence[str]) -> list[dict[str, Any]]:
        """What the machine is after a SIGKILL at each point, and a recovery."""
        return [json.loads(line) for line in self.faulty("kill", command, *points).stdout.splitlines()]

    def started(self) -> str:
        """When its services started."""
        return self.machine.run(
            "systemctl show -p ActiveEnterTimestampMonotonic containerd kubelet ssh"
        ).stdout

    def works(self) -> None:
        """It is Ready, takes pods again, and one starts."""
        self.cluster.wait_for("condition=Ready", f"node/{self.name}")
        assert "unschedulable" not in get(self.cluster, "node", self.name)["spec"]
        self.cluster.apply(pod("probe", self.name))
        self.cluster.wait_for("jsonpath={.status.phase}=Succeeded", "pod/probe")
        self.cluster.kubectl("delete", "pod", "probe", "--wait=true")

    @contextmanager
    def held(self, words: str) -> Iterator[Future[Result]]:
        """An apply that waits before its first operation with `words` until the block ends."""
        with ThreadPoolExecutor(1) as pool:
            run = pool.submit(self.faulty, "hold", words, "apply", check=False)
            try:
                wait_until(lambda: run.done() or not self.machine.run(f"test -e {MARK}", check=False).code)
                yield run
            finally:
                if self.machine.is_on:
                    self.go_on()

    def go_on(self) -> None:
        """Let an apply that is held go on."""
        self.machine.run(f"rm -f {MARK}")


def wait_until(done: Callable[[], bool], seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def pod(name: str, node: str, command: Sequence[str] = ("true",)) -> dict[str, Any]:
    container = {"name": "main", "image": PYTHON, "imagePullPolicy": "Never", "command": list(command)}
    spec: dict[str, Any] = {"nodeName": node, "restartPolicy": "Never", "terminationGracePeriodSeconds": 0}
    spec["containers"] = [container]
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": spec}


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with Bed() as bed:
        cluster = Cluster(bed)
        cluster.up()
        print(f"\n{cluster.report()}")
        cluster.load(python(bed.runner))
        # Nothing asks for names here, and it would have to leave at every drain.
        cluster.kubectl("scale", "deployment/coredns", "--namespace=kube-system", "--replicas=0")
        for machine in bed.machines.values():
            machine.push("/etc/fstab", FSTAB)
            machine.push("/etc/systemd/system/containerd.service.d/tests.conf", UNLIMITED)
            machine.run(f"systemctl daemon-reload; {SSH}")
        Release(cluster, VALUES).upgrade()
        cluster.kubectl("label", "node", "kitt", OPT_IN)
        yield cluster


@pytest.fixture(scope="module")
def kitt(cluster: Cluster) -> Node:
    return Node(cluster, "kitt")


@pytest.fixture(scope="module")
def before(kitt: Node) -> State:
    return kitt.state()


@pytest.fixture(scope="module")
def wanted() -> State:
    """Filled by the first apply that ends well."""
    return {}


def difference(one: State, other: State) -> dict[str, tuple[str, str]]:
    keys = {key for key in {*one, *other} if one.get(key) != other.get(key)}
    return {key: (one.get(key, ""), other.get(key, "")) for key in keys}


def told(node: Node) -> tuple[str, str]:
    found = condition(node.cluster, node.name)
    return found["status"], found["reason"]


def test_a_candidate_that_containerd_refuses_changes_nothing(kitt: Node, before: State) -> None:
    """Somebody's mistake in the file, which the running containerd has not read yet."""
    good = kitt.machine.pull("/etc/containerd/config.toml")
    started = kitt.started()
    kitt.machine.push("/etc/containerd/config.toml", good.replace(b"\n", b'\noom_score = "high"\n', 1))
    done = kitt.run("apply")
    kitt.machine.push("/etc/containerd/config.toml", good)
    assert done.code == FAILED, done.stdout + done.stderr
    assert "nothing was changed: `containerd config dump` refuses it" in done.stdout
    assert told(kitt) == ("False", "CandidateRejected")
    assert kitt.state() == before
    assert kitt.started() == started
    assert holders(kitt.cluster) == []
    kitt.works()


def test_a_drain_that_a_budget_blocks_ends_in_time(cluster: Cluster, kitt: Node, before: State) -> None:
    labels = {"app": "stubborn"}
    spec = pod("", kitt.name, ["sleep", "1000"])["spec"] | {"restartPolicy": "Always"}
    template = {"metadata": {"labels": labels}, "spec": spec}
    names = {"metadata": {"name": "stubborn"}}
    cluster.apply(
        {"apiVersion": "apps/v1", "kind": "Deployment", **names,
         "spec": {"selector": {"matchLabels": labels}, "template": template}},
        {"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", **names,
         "spec": {"minAvailable": 1, "selector": {"matchLabels": labels}}},
    )  # fmt: skip
    cluster.wait_for("condition=Available", "deployment/stubborn")
    cluster.wait_for("jsonpath={.status.currentHealthy}=1", "pdb/stubborn")
    done = kitt.run("apply")
    cluster.kubectl("delete", "deployment/stubborn", "pdb/stubborn")
    assert done.code == WAITING, done.stdout + done.stderr
    assert "not drained within 3 s: default/stubborn-" in done.stdout
    assert "disruption budget" in done.stdout
    assert told(kitt) == ("False", "DrainBlocked")
    assert holders(cluster) == [""]
    assert kitt.state() == before
    kitt.works()
    cluster.kubectl("wait", "--for=delete", "pod", "--selector=app=stubborn", "--timeout=60s")


DISKS = {
    "no room for the backup": (
        "mkdir /var/lib/labhelm; mount -t tmpfs -o size=48k none /var/lib/labhelm",
        "umount /var/lib/labhelm; rmdir /var/lib/labhelm",
        "No space left",
    ),
    "no room for the last file": (
        "cd /etc/kubernetes; mkdir kubelet.conf.d; mount -t tmpfs -o size=4k none kubelet.conf.d; "
        "head -c 4096 /dev/zero >kubelet.conf.d/other",
        "umount /etc/kubernetes/kubelet.conf.d; rmdir /etc/kubernetes/kubelet.conf.d",
        "No space left",
    ),
    "/etc read-only": (
        "mkdir /mnt/etc; mount --bind /etc /mnt/etc; mount -o remount,bind,ro /mnt/etc; "
        "mount --bind /mnt/etc /etc",
        "umount /etc /mnt/etc; rmdir /mnt/etc",
        "Read-only file system",
    ),
}


@pytest.mark.parametrize("disk", DISKS)
def test_a_disk_that_takes_nothing_more(kitt: Node, before: State, disk: str) -> None:
    fault, mend, reason = DISKS[disk]
    started = kitt.started()
    kitt.machine.run(fault)
    done = kitt.run("apply", "--retry")
    kitt.machine.run(mend)
    assert done.code == FAILED, done.stdout + done.stderr
    assert reason in done.stdout
    assert "everything is as before" in done.stdout
    assert told(kitt) == ("False", "OSError")
    assert kitt.state() == before
    assert kitt.started() == started
    # So that no second node meets the same.
    assert holders(kitt.cluster) == ["kitt"]
    kitt.works()


def test_a_containerd_that_does_not_come_back_gets_its_old_file(kitt: Node, before: State) -> None:
    refuse = "[Service]\nExecStartPre=/usr/bin/test ! -e /etc/containerd/conf.d/zz-labhelm.toml\n"
    drop_in = "/etc/systemd/system/containerd.service.d/fault.conf"
    kitt.machine.push(drop_in, refuse)
    kitt.machine.run("systemctl daemon-reload")
    done = kitt.run("apply", "--retry")
    started = kitt.started()
    again = kitt.run("apply")
    kitt.machine.run(f"rm {drop_in}; systemctl daemon-reload")
    assert done.code == FAILED, done.stdout + done.stderr
    assert "systemctl restart containerd` ended with 1" in done.stdout
    assert "everything is as before" in done.stdout
    assert kitt.state() == before
    assert holders(kitt.cluster) == ["kitt"]
    kitt.works()
    # Nor is it tried at every interval.
    assert told(kitt) == ("False", "FailedBefore")
    assert again.code == FAILED
    assert kitt.started() == started


def test_an_api_server_that_goes_away_does_not_stop_a_change(
    cluster: Cluster, kitt: Node, before: State, wanted: State
) -> None:
    with kitt.held("run systemctl restart containerd") as run, no_api_server(cluster):
        kitt.go_on()
        done = run.result()
        wanted.update(kitt.state())
    assert done.code == WAITING, done.stdout + done.stderr
    assert "the machine is as wanted; the node is given back once the API server answers" in done.stdout
    assert wanted != before
    assert get(cluster, "node", "kitt")["spec"]["unschedulable"] is True
    assert holders(cluster) == ["kitt"]
    after = kitt.run("apply")
    assert after.code == DONE, after.stdout + after.stderr
    assert told(kitt) == ("True", "Prepared")
    assert holders(cluster) == [""]
    cluster.wait_for("jsonpath={.status.capacity.pods}=123", "node/kitt")
    assert kitt.state() == wanted
    kitt.works()


@contextmanager
def no_api_server(cluster: Cluster) -> Iterator[None]:
    """Its manifest is away, and its process dead."""
    machine, manifest = cluster.control_plane, "/etc/kubernetes/manifests/kube-apiserver.yaml"
    find = "pgrep -f '^kube-apiserver '"
    machine.run(f"mv {manifest} /root/; kill -KILL $({find})")
    try:
        wait_until(lambda: bool(cluster.kubectl("get", "--raw=/readyz", check=False).code))
        yield
    finally:
        machine.run(f"mv /root/kube-apiserver.yaml {manifest}")
        wait_until(lambda: not cluster.kubectl("get", "--raw=/readyz", check=False).code)


def test_the_real_ssh_server_refuses_root_and_takes_the_others(cluster: Cluster, kitt: Node) -> None:
    """kitt is as wanted by now, bonnie is not."""
    options = "-i /root/key -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null"
    for node, user, code in (("bonnie", "root", 0), ("kitt", "root", 255), ("kitt", "ada", 0)):
        machine = cluster.bed.machines[node]
        assert machine.run(f"ssh {options} {user}@localhost true", check=False).code == code, (node, user)
    said = kitt.machine.run("/usr/sbin/sshd -T").stdout
    assert {"permitrootlogin no", "passwordauthentication no"} <= set(said.splitlines())


LEASE = "/apis/coordination.k8s.io/v1/namespaces/labhelm-node-prep/leases/node-prep-node-prep-0"
# Beside every record of the journal: each kind of operation, before anything, in the middle and at the end.
POINTS = [
    "write /var/lib/labhelm/node-prep/candidate/config.toml 1",
    f"api PUT {LEASE} 1",
    "api PATCH /api/v1/nodes/kitt 1",
    f"api PUT {LEASE} 3",
    "write TRANSACTION/ballast 1",
    "link /etc/.fstab.old 1",
    "rename /etc/fstab 1",
    "run tee /proc/sys/vm/max_map_count 1",
    "run apt-mark hold runc 1",
    "api PATCH /api/v1/nodes/kitt 2",
    "rename /etc/containerd/config.toml 1",
    "run systemctl reload ssh 1",
]
RESTARTS = [
    "run systemctl restart containerd 1",
    "run systemctl restart containerd 1+",
    "run systemctl restart kubelet 1+",
]
AFTER_COMMIT = ["unlink /etc/.fstab.old 1", "api PATCH /api/v1/nodes/kitt 3"]
UNDO = ["unlink /etc/default/kubelet 1", "run systemctl restart containerd 1+", "rmtree TRANSACTION 1"]


def test_killed_at_every_step(cluster: Cluster, kitt: Node, before: State, wanted: State) -> None:
    survived = 0

    def kill(command: str, points: Sequence[str], after: State, said: str) -> None:
        nonlocal survived
        found = kitt.killed(command, points)
        assert [one["point"] for one in found] == list(points)
        for one in found:
            assert one["killed"], one
            assert (one["code"], one["unwell"]) == (DONE, []), one
            assert one["state"] == after, (one["point"], difference(one["state"], after))
            assert said in one["said"], one
        survived += len(found)

    kill("undo", UNDO[:1], before, "Recovered: finished the undo of")
    points = json.loads(kitt.faulty("operations", "apply").stdout)
    records = [point for point in points if point.startswith("append ")]
    # One opens the transaction, one commits it, each of the others announces a change.
    assert len(records) == 2 + CHANGES
    assert set(POINTS + AFTER_COMMIT) <= set(points)
    kill("undo", UNDO[1:2], before, "Recovered: finished the undo of")
    early = [point for point in points if point in [*POINTS, *records[:-2]]]
    begun = early.index(records[0]) + 1
    kill("apply", early[:begun], before, "Recovered: no run was interrupted")
    kill("apply", early[begun:], before, "Recovered: took back the interrupted")
    kitt.works()
    for point in [*RESTARTS, *records[-2:]]:
        kill("apply", [point], before, "Recovered: took back the interrupted")
    kitt.works()
    for last in AFTER_COMMIT:
        kill("apply", [last], wanted, "Recovered: no run was interrupted")
        kill("undo", UNDO[2:], before, "Recovered: ")
    assert kitt.run("undo").code == DONE
    kitt.works()
    assert holders(cluster) == [""]
    print(f"\n{survived} fault points survived")


def test_two_agents_race_for_one_turn(cluster: Cluster, kitt: Node, before: State, wanted: State) -> None:
    bonnie = Node(cluster, "bonnie")
    cluster.kubectl("label", "node", "bonnie", OPT_IN)
    with kitt.held("/leases/") as one, bonnie.held("/leases/") as other:
        assert not one.done()
        assert not other.done()
        at_once(kitt.go_on, bonnie.go_on)
    results = {"kitt": one.result(), "bonnie": other.result()}
    assert sorted(done.code for done in results.values()) == [DONE, WAITING], results
    winner, loser = sorted(results, key=lambda name: results[name].code)
    assert f"LeaseHeld: the lease is held by {winner}" in results[loser].stdout
    assert told(Node(cluster, loser)) == ("False", "LeaseHeld")
    assert told(Node(cluster, winner)) == ("True", "Prepared")
    assert Node(cluster, loser).run("apply").code == DONE
    for node in (kitt, bonnie):
        assert told(node) == ("True", "Prepared")
        node.works()
    assert kitt.state() == wanted
    assert holders(cluster) == [""]


def test_a_power_loss_is_mended_by_the_pod_that_starts_again(
    cluster: Cluster, kitt: Node, before: State, wanted: State
) -> None:
    assert kitt.run("undo").code == DONE
    assert kitt.state() == before
    with kitt.held("run systemctl restart containerd"):
        assert kitt.machine.run("test -s /etc/containerd/conf.d/zz-labhelm.toml").code == 0
        kitt.machine.power_off_hard()
    kitt.machine.boot_again()
    wait_for_reason(cluster, "kitt", "Prepared")
    log = cluster.kubectl("logs", f"--namespace={NAMESPACE}", pod_on(cluster, "kitt")).stdout
    assert "took back the interrupted" in log
    assert kitt.state() == wanted
    assert holders(cluster) == [""]
    kitt.works()
