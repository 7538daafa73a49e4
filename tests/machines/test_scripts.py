"""The scripts of `labhelm machines` take bare machines to a cluster: two control planes and a worker."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from generator.cluster.runner import Result
from generator.machines.files import machines_files
from generator.profile.model import Profile
from tests.machines.bed import Bed, Cluster, images, node_files
from tests.machines.bed.bed import at_once
from tests.machines.bed.cluster import IMAGES
from tests.machines.bed.machine import Machine
from tests.machines.bed.rootfs import machines_dir
from tests.machines.bed.software import CURRENT

NODES = {"bonnie": "172.31.77.11", "karr": "172.31.77.13", "kitt": "172.31.77.12"}
FIRST, SECOND, WORKER = NODES
PROFILE = Profile.model_validate(
    {
        "name": "bed",
        "cluster": {"version": "1.36", "endpoint": NODES[FIRST]},
        "nodes": [
            {"name": name, "address": address, "role": role, "cpu": 2, "memory": "2Gi", "purposes": purposes}
            for (name, address), role, purposes in zip(
                NODES.items(),
                ("control-plane", "control-plane", "worker"),
                ([], [], ["system"]),
                strict=True,
            )
        ],
        # These machines have cgroups of version 1 only, which the kubelet refuses unless told.
        "nodePrep": {"kubelet": {"failCgroupV1": False}},
    }
)
# The kernel's configuration and modules cannot be seen inside; nothing sets the clock there.
KUBEADM_OPTIONS = "--ignore-preflight-errors=SystemVerification"
AS_WANTED, DRIFT, CHECKS = 0, 4, 5
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
        scripts = machines_files(PROFILE)
        for machine in self._machines():
            text = scripts[f"values/bed/machines/{machine.name}/{machine.name}.sh"]
            machine.push_tree({**wanted, f"/root/{machine.name}.sh": (text, 0o644)})
            machine.run("systemctl daemon-reload; systemctl restart containerd")

    def load_images(self) -> None:
        """What no registry brings here."""
        for machine in self._machines():
            for archive in self.archives:
                machine.run(["ctr", "-n=k8s.io", "images", "import", f"{IMAGES}/{archive.name}"], timeout=180)

    def fetch_kubeconfig(self) -> None:
        """Let kubectl of the host in."""
        self.kubeconfig.touch(mode=0o600)
        self.kubeconfig.write_bytes(self.control_plane.pull("/etc/kubernetes/admin.conf"))

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


def test_preflight_fails_before_and_the_cluster_forms_after(cluster: Scripted) -> None:
    first, second, worker = (cluster.bed.machines[name] for name in NODES)
    failed = first.run(f"kubeadm init phase preflight {KUBEADM_OPTIONS}", check=False)
    assert "ip_forward" in failed.stderr
    for machine in (first, second, worker):
        script(machine, "--apply", codes=(AS_WANTED, CHECKS))
    cluster.load_images()
    script(first, "--start", "--", KUBEADM_OPTIONS)
    script(first, "--join-file", "/root/join")
    assert first.run("stat -c %a /root/join").stdout.strip() == "600"
    join = first.pull("/root/join")
    for machine in (second, worker):
        machine.push("/root/join", join, mode=0o600)
        said = script(machine, "--start", "/root/join", "--", KUBEADM_OPTIONS)
        assert "joined" in said.stdout
        assert machine.run("ls /etc/kubernetes/labhelm").stdout.split() == ["kubeadm.yaml"]
    cluster.fetch_kubeconfig()
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
    assert machine.run(state).stdout == before
    assert "in a cluster already" in script(machine, "--start", "/root/join").stdout


def test_a_start_that_was_cut_short_is_told(cluster: Scripted) -> None:
    machine = cluster.bed.machines[WORKER]
    machine.run("touch /var/lib/labhelm/machine/starting")
    said = script(machine, "--start", "/root/join", codes=(1,))
    assert "an earlier start did not finish" in said.stderr
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
