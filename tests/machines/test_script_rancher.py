"""RKE2 and k3s over ssh, with a stand-in for their installers and services: neither can be had here."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from generator.machines.files import machines_files
from generator.profile.model import Profile
from tests.machines.bed import Bed
from tests.machines.bed.machine import Machine
from tests.machines.bed.ssh import Access

NODES = {"bonnie": "172.31.77.11", "kitt": "172.31.77.12"}
UNITS = {
    ("rke2", "bonnie"): "rke2-server",
    ("rke2", "kitt"): "rke2-agent",
    ("k3s", "bonnie"): "k3s",
    ("k3s", "kitt"): "k3s-agent",
}
PROGRAM = """\
#!/bin/sh
case "$*" in
*"get nodes"*) printf '%s True v1.36.3+{distribution}1 kubelet is posting ready status\\n' bonnie kitt ;;
*) echo "{distribution} version v1.36.3+{distribution}1 (abcdef)" ;;
esac
"""
INSTALLER = """\
env | grep ^INSTALL_ | sort >/root/asked
[ -x /usr/local/bin/{distribution} ] || install -m 0755 /srv/packages/{distribution} /usr/local/bin/
cat >/etc/systemd/system/{unit}.service <<END
[Service]
ExecStart=/bin/sh -c 'mkdir -p {server}; echo the-token >{server}/node-token; exec sleep infinity'
[Install]
WantedBy=multi-user.target
END
systemctl daemon-reload
"""
AS_WANTED, CHECKS = 0, 5


@pytest.fixture(scope="module", params=["rke2", "k3s"])
def cluster(request: pytest.FixtureRequest) -> Iterator[tuple[str, Bed]]:
    distribution: str = request.param
    nodes = [
        {"name": name, "address": address, "role": role, "cpu": 2, "memory": "2Gi"}
        for (name, address), role in zip(NODES.items(), ("control-plane", "worker"), strict=True)
    ]
    profile = {
        "name": "bed",
        "cluster": {"distribution": distribution, "version": "1.36"},
        "nodes": nodes,
        "nodePrep": {"offline": "/srv/packages"},
    }
    scripts = machines_files(Profile.model_validate(profile))
    with Bed() as bed:
        for name, address in NODES.items():
            machine = bed.boot(name, address)
            machine.push("/root/prepare.sh", scripts[f"values/bed/machines/{name}/{name}.sh"])
            machine.push(f"/srv/packages/{distribution}", PROGRAM.format(distribution=distribution))
            server = f"/var/lib/rancher/{distribution}/server"
            unit = UNITS[distribution, name]
            installer = INSTALLER.format(distribution=distribution, unit=unit, server=server)
            machine.push("/srv/packages/install.sh", installer)
        kubeconfig = f"/etc/rancher/{distribution}/{distribution}.yaml"
        bed.machines["bonnie"].push(kubeconfig, "server: https://127.0.0.1:6443\n", mode=0o600)
        bed.machines["bonnie"].run("mkdir -p /var/lib/rancher/rke2/bin")
        bed.machines["bonnie"].run("ln -s /usr/local/bin/rke2 /var/lib/rancher/rke2/bin/kubectl")
        access = Access(bed)
        access.open(bed.machines.values())
        access.know(bed.machines.values())
        (bed.folder / "project/charts/umbrella").mkdir(parents=True)
        (bed.folder / "project/profiles").mkdir()
        (bed.folder / "project/profiles/bed.yaml").write_text(yaml.safe_dump(profile))
        yield distribution, bed


def script(machine: Machine, *words: str) -> str:
    said = machine.run(["sh", "/root/prepare.sh", *words], check=False, timeout=120)
    assert said.code in (AS_WANTED, CHECKS), f"{said.code}: {said.stdout}\n{said.stderr}"
    return said.stdout


def labhelm(bed: Bed, *words: str) -> str:
    """`labhelm machines bed --run`, from the switch's network; what it printed."""
    program, project = Path(sys.executable).with_name("labhelm"), f"--root={bed.folder / 'project'}"
    options = (f"--ssh-config={Access(bed).config}", "--ignore-checks")
    said = bed.run([str(program), project, "machines", "bed", "--run", *options, *words], timeout=300)
    return said.stdout + said.stderr


def test_one_command_prepares_and_starts_both_roles(cluster: tuple[str, Bed]) -> None:
    distribution, bed = cluster
    said = labhelm(bed, "--apply")
    assert "bonnie has started the cluster\nkitt has joined\n" in said
    assert "all nodes are Ready" in said
    assert "the-token" not in said
    for machine in bed.machines.values():
        asked = machine.pull("/root/asked").decode()
        kind = "server" if machine.name == "bonnie" else "agent"
        variable = "INSTALL_RKE2_TYPE" if distribution == "rke2" else "INSTALL_K3S_EXEC"
        assert f"{variable}={kind}\n" in asked
        assert "_CHANNEL=v1.36\n" in asked
        assert machine.run(f"systemctl is-active {UNITS[distribution, machine.name]}").stdout == "active\n"
    worker = bed.machines["kitt"]
    assert worker.run(f"stat -c %a /etc/rancher/{distribution}/token").stdout.strip() == "600"
    assert worker.pull(f"/etc/rancher/{distribution}/token") == b"the-token\n"


def test_a_second_run_changes_nothing_and_fetches_the_kubeconfig(cluster: tuple[str, Bed]) -> None:
    kubeconfig = cluster[1].folder / "kubeconfig"
    assert "would" not in labhelm(cluster[1], "--apply", f"--kubeconfig={kubeconfig}")
    # Theirs is written for the machine itself.
    assert kubeconfig.read_text() == "server: https://172.31.77.11:6443\n"
    for machine in cluster[1].machines.values():
        assert "wrote" not in script(machine, "--apply")


def test_by_hand_the_secret_is_a_file(cluster: tuple[str, Bed]) -> None:
    first, worker = cluster[1].machines.values()
    script(first, "--join-file", "/root/join")
    assert first.run("stat -c %a /root/join").stdout.strip() == "600"
    worker.push("/root/join", first.pull("/root/join"), mode=0o600)
    assert "runs already" in script(worker, "--start", "/root/join")
