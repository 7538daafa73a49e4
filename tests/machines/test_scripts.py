"""`labhelm machines` takes bare machines to a cluster, over ssh: two control planes and a worker.

The profile has a third control plane, which is not there: the commands leave it out.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from generator.cluster.runner import Result
from generator.machines.files import machines_files
from generator.profile.model import Profile
from tests.machines.bed import Bed, Cluster, images, node_files
from tests.machines.bed.bed import at_once
from tests.machines.bed.cluster import IMAGES
from tests.machines.bed.machine import Machine
from tests.machines.bed.rootfs import machines_dir
from tests.machines.bed.software import CURRENT
from tests.machines.bed.ssh import Access

NODES = {"bonnie": "172.31.77.11", "karr": "172.31.77.13", "kitt": "172.31.77.12"}
FIRST, SECOND, WORKER = NODES
WRITTEN: dict[str, object] = {
    "name": "bed",
    "cluster": {"version": "1.36", "endpoint": NODES[FIRST]},
    "nodes": [
        {"name": name, "address": address, "role": role, "cpu": 2, "memory": "2Gi", "purposes": purposes}
        for name, address, role, purposes in (
            (FIRST, NODES[FIRST], "control-plane", []),
            (SECOND, NODES[SECOND], "control-plane", []),
            ("devon", "172.31.77.14", "control-plane", []),
            (WORKER, NODES[WORKER], "worker", ["system"]),
        )
    ],
    # These machines have cgroups of version 1 only, which the kubelet refuses unless told.
    "nodePrep": {"kubelet": {"failCgroupV1": False}},
}
PROFILE = Profile.model_validate(WRITTEN)
POD_RANGES = {FIRST: "10.244.0.0/24", SECOND: "10.244.1.0/24", WORKER: "10.244.2.0/24"}
"""As Kubernetes hands them out to nodes that join in this order."""
# The kernel's configuration and modules cannot be seen inside; nothing sets the clock there.
KUBEADM_OPTIONS = "--ignore-preflight-errors=SystemVerification"
AS_WANTED, FAILED, DRIFT, CHECKS, INTERRUPTED = 0, 1, 4, 5, 130
SECRET = re.compile(r"[a-z0-9]{6}\.[a-z0-9]{16}|[0-9a-f]{64}")
"""A token or a certificate key of kubeadm."""
# What a script or the agent could write. Of /var/lib/kubelet only what kubeadm put there: the kubelet itself
# changes the rest (certificates, checkpoints, its pods' files) whenever it likes.
OURS = (
    "/etc /var/lib/labhelm /var/lib/kubelet/config.yaml /var/lib/kubelet/kubeadm-flags.env "
    "/var/lib/kubelet/instance-config.yaml"
)
HASHES = f"(find {OURS} -xdev -type f || :) 2>/dev/null | sort | xargs sha256sum"


class Scripted(Cluster):
    """A cluster whose machines have programs and units as packages bring them, and our scripts."""

    def boot(self) -> None:
        """Boot the bare machines."""
        names = images.kubeadm_names(self.programs)
        binds = {**self.programs.binds(), IMAGES: machines_dir() / "images"}
        self.archives = [images.control_plane(self.programs), images.node(self.programs)]
        at_once(*(lambda n=n, a=a: self.bed.boot(n, a, binds) for n, a in self.nodes.items()))
        files = node_files.before_kubeadm(containerd=CURRENT.containerd, pause=names["pause"], hosts={})
        wanted = {path: file for path, file in files.items() if "sysctl" not in path}
        self.scripts = machines_files(PROFILE)
        at_once(*(lambda m=m: self._fill(m, wanted) for m in self._machines()))
        self.access = Access(self.bed)
        # One of them is reached as root, by its name in the ssh config.
        self.access.open(self._machines(), as_root=SECOND)
        project = self.bed.folder / "project"
        (project / "charts/umbrella").mkdir(parents=True)
        (project / "profiles").mkdir()
        (project / "profiles/bed.yaml").write_text(yaml.safe_dump(WRITTEN))

    def _fill(self, machine: Machine, wanted: node_files.Files) -> None:
        """The script, for those who run it by hand; images and a pod network, which nothing else brings."""
        text = self.scripts[f"values/bed/machines/{machine.name}/{machine.name}.sh"]
        others = {r: self.nodes[name] for name, r in POD_RANGES.items() if name != machine.name}
        network = node_files.pod_network(own=POD_RANGES[machine.name], others=others)
        machine.push_tree({**wanted, **network, f"/root/{machine.name}.sh": (text, 0o644)})
        machine.run("systemctl daemon-reload; systemctl restart containerd")
        for archive in self.archives if machine.name != WORKER else self.archives[1:]:
            machine.run(["ctr", "-n=k8s.io", "images", "import", f"{IMAGES}/{archive.name}"], timeout=180)

    def command(self, *words: str) -> list[str]:
        """`labhelm machines bed --run` for the machines that are there, from the switch's network."""
        labhelm = Path(sys.executable).with_name("labhelm")
        project = f"--root={self.bed.folder / 'project'}"
        only = [f"--machine={name}" for name in NODES]
        run = [str(labhelm), project, "machines", "bed", "--run", f"--ssh-config={self.access.config}"]
        return [*self.bed.switch.enter(), *run, "--packages=none", *only, *words]

    def labhelm(self, *words: str) -> Result:
        """The command, to its end."""
        return self.bed.runner.run(self.command(*words), check=False, timeout=500)

    def connect_pods(self) -> None:
        """The bed's own pod network."""
        self._connect_pods()


def script(machine: Machine, *words: str, codes: tuple[int, ...] = (AS_WANTED,)) -> Result:
    said = machine.run(
        ["sh", f"/root/{machine.name}.sh", "--packages", "none", *words], check=False, timeout=240
    )
    assert said.code in codes, f"{said.code}: {said.stdout}\n{said.stderr}"
    return said


def reaches(machine: Machine, address: str, port: int) -> bool:
    """Whether a connection from the machine is taken."""
    connect = f"import socket; socket.create_connection(('{address}', {port}), timeout=2)"
    return machine.run(["python3", "-c", connect], check=False).code == 0


@pytest.fixture(scope="module")
def cluster() -> Iterator[Scripted]:
    with Bed() as bed:
        cluster = Scripted(bed, nodes=NODES)
        cluster.boot()
        yield cluster


def test_the_plan_tells_and_changes_nothing(cluster: Scripted) -> None:
    machine = cluster.control_plane
    before = machine.run(HASHES).stdout
    said = script(machine, codes=(DRIFT,)).stdout
    assert "+172.31.77.13\tkarr" in said
    assert "kind: InitConfiguration" in said
    assert machine.run(HASHES).stdout == before


def test_undo_brings_every_byte_back(cluster: Scripted) -> None:
    machine = cluster.control_plane
    before = machine.run(HASHES).stdout
    script(machine, "--apply", "--firewall", codes=(AS_WANTED, CHECKS))
    assert "tcp dport 6443 accept" in machine.run("nft list table inet labhelm").stdout
    script(machine, "--undo")
    assert machine.run("nft list tables").stdout == ""
    assert [line for line in machine.run(HASHES).stdout.splitlines() if "/var/lib/labhelm" not in line] == (
        before.splitlines()
    )


def test_undo_keeps_lines_that_somebody_added_to_hosts(cluster: Scripted) -> None:
    machine = cluster.control_plane
    before = machine.pull("/etc/hosts")
    script(machine, "--apply", codes=(AS_WANTED, CHECKS))
    machine.run("echo '10.1.2.3 printer' >>/etc/hosts")
    script(machine, "--undo")
    assert machine.pull("/etc/hosts") == before + b"10.1.2.3 printer\n"
    machine.push("/etc/hosts", before)


def test_an_unknown_host_key_is_refused(cluster: Scripted) -> None:
    said = cluster.labhelm("--apply")
    assert said.code == FAILED
    assert said.stdout.count("its host key is not known here") == len(NODES)
    assert "StrictHostKeyChecking=ask true" in said.stdout
    assert cluster.control_plane.run("ls /var/lib/labhelm", check=False).stdout == ""


def test_run_shows_what_it_would_change_and_changes_nothing(cluster: Scripted) -> None:
    cluster.access.know(cluster.bed.machines.values())
    before = cluster.control_plane.run(HASHES).stdout
    said = cluster.labhelm()
    assert said.code == DRIFT, said.stdout + said.stderr
    assert (
        f"{FIRST}  {NODES[FIRST]}  first control plane: would be prepared, then starts the cluster"
        in said.stdout
    )
    assert "+172.31.77.13\tkarr" in said.stdout
    assert f"would change 3 of 3 machines: {FIRST}, {SECOND}, {WORKER}" in said.stdout
    assert cluster.control_plane.run(HASHES).stdout == before


START = ("--apply", "--ignore-checks", "--", KUBEADM_OPTIONS)


def interrupt_while_it_starts(cluster: Scripted) -> tuple[int, str]:
    """Ctrl-C while kubeadm is at work on the first machine; exit code and output."""
    run = subprocess.Popen(
        cluster.command(*START),
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        start_new_session=True,
    )  # fmt: skip
    starting = "test -e /var/lib/labhelm/machine/starting"
    try:
        while run.poll() is None and cluster.control_plane.run(starting, check=False).code:
            time.sleep(0.2)
    finally:
        if run.poll() is None:
            # The whole group, as a terminal does it.
            os.killpg(run.pid, signal.SIGINT)
        output, _ = run.communicate(timeout=120)
    return run.returncode, output


def test_preflight_fails_before_and_the_cluster_forms_after(cluster: Scripted) -> None:
    first = cluster.control_plane
    failed = first.run(f"kubeadm init phase preflight {KUBEADM_OPTIONS}", check=False)
    assert "ip_forward" in failed.stderr
    code, output = interrupt_while_it_starts(cluster)
    assert code == INTERRUPTED, output
    assert f"what was under way on {FIRST} goes on there" in output
    said = cluster.labhelm(f"--kubeconfig={cluster.kubeconfig}", *START)
    assert said.code == AS_WANTED, said.stdout + said.stderr
    assert f"{SECOND} has joined\n{WORKER} has joined\n" in said.stdout
    assert not SECRET.search(output + said.stdout + said.stderr)
    for machine in cluster.bed.machines.values():
        assert machine.run("ls /etc/kubernetes/labhelm").stdout.split() == ["kubeadm.yaml"]
        assert machine.run("ls -d /run/labhelm*", check=False).stdout == ""
    assert oct(cluster.kubeconfig.stat().st_mode & 0o777) == "0o600"
    cluster.connect_pods()
    cluster.wait_for("condition=Ready", "node", "--all")


def test_nodes_are_as_the_profile_says(cluster: Scripted) -> None:
    items = cluster.get("nodes")["items"]
    assert isinstance(items, list)
    nodes = {item["metadata"]["name"]: item for item in items}
    own = "node-role.kubernetes.io/control-plane"
    taints = {
        name: [taint["key"] for taint in node["spec"].get("taints", [])] for name, node in nodes.items()
    }
    assert taints == {FIRST: [own], SECOND: [own], WORKER: []}
    assert nodes[WORKER]["metadata"]["labels"]["labhelm.io/system"] == "true"
    addresses = {
        name: next(one["address"] for one in node["status"]["addresses"] if one["type"] == "InternalIP")
        for name, node in nodes.items()
    }
    assert addresses == NODES
    members = cluster.kubectl("get", "pods", "-n=kube-system", "-l=component=etcd", "-o=name").stdout.split()
    assert len(members) == 2


def test_a_second_run_writes_nothing_and_restarts_nothing(cluster: Scripted) -> None:
    machine = cluster.bed.machines[WORKER]
    state = f"{HASHES}; systemctl show -p ExecMainStartTimestampMonotonic containerd kubelet"
    before = machine.run(state).stdout
    said = script(machine, "--apply", codes=(AS_WANTED, CHECKS)).stdout
    assert "wrote" not in said
    assert "in a cluster already" in script(machine, "--start", "/etc/hostname").stdout
    run = cluster.labhelm("--apply")
    assert run.code == AS_WANTED, run.stdout + run.stderr
    assert "would" not in run.stdout
    assert "all nodes are Ready" in run.stdout
    assert machine.run(state).stdout == before


def test_a_start_that_was_cut_short_is_told(cluster: Scripted) -> None:
    machine = cluster.bed.machines[WORKER]
    machine.run("touch /var/lib/labhelm/machine/starting")
    said = script(machine, "--start", "/etc/hostname", codes=(FAILED,))
    assert "an earlier start did not finish" in said.stderr
    run = cluster.labhelm("--apply")
    assert run.code == FAILED
    assert f"{WORKER}: an earlier start did not finish" in run.stderr
    assert "kubeadm reset" in run.stderr
    machine.run("rm /var/lib/labhelm/machine/starting")


def comes_up(machine: Machine, address: str, port: int) -> bool:
    """Whether a program that was only just started answers within 20 seconds."""
    deadline = time.monotonic() + 20
    while not reaches(machine, address, port):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.5)
    return True


def test_the_firewall_stops_what_no_role_needs(cluster: Scripted) -> None:
    first, worker = cluster.control_plane, cluster.bed.machines[WORKER]
    worker.run("systemd-run --quiet --collect --unit=stranger python3 -m http.server 8000")
    first.run("systemd-run --quiet --collect --unit=stranger python3 -m http.server 8000")
    assert reaches(first, NODES[WORKER], 10250)
    assert comes_up(first, NODES[WORKER], 8000)
    for machine in (first, worker):
        script(machine, "--apply", "--firewall", codes=(AS_WANTED, CHECKS))
    assert reaches(first, NODES[WORKER], 10250)
    assert not reaches(first, NODES[WORKER], 8000)
    assert reaches(worker, NODES[FIRST], 6443)
    assert not reaches(worker, NODES[FIRST], 2379)
    cluster.wait_for("condition=Ready", "node", "--all")
    again = script(worker, "--apply", "--firewall", codes=(AS_WANTED, CHECKS)).stdout
    assert "wrote" not in again
    # It is there again after a power cut.
    worker.power_off_hard()
    worker.boot_again()
    assert "tcp dport 10250 accept" in worker.run("nft list table inet labhelm").stdout
