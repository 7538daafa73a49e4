"""Where a machine's script gets packages from, with the machine's real apt."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from generator.cluster.runner import Result
from tests.machines.bed import Bed, node_files
from tests.machines.bed.machine import Machine
from tests.machines.test_scripts import AS_WANTED, CHECKS, NODES, PROFILE, WORKER

# What the script asks of each program; a package in itself.
VERSIONS = {
    "kubeadm": "echo v{version}",
    "kubelet": "echo Kubernetes v{version}",
    "kubectl": "true",
}
# In place of the network: what was fetched and asked for is written down.
CURL = """#!/bin/sh
for one in "$@"; do
	[ "$last" != --output ] || echo key >"$one"
	last=$one
done
echo "fetched $last" >>/root/asked
"""
APT_GET = """#!/bin/sh
echo "apt-get $*" >>/root/asked
"""


@pytest.fixture(scope="module")
def bare() -> Iterator[Machine]:
    """A machine without any of Kubernetes' programs."""
    from generator.machines.files import machines_files

    with Bed() as bed:
        machine = bed.boot(WORKER, NODES[WORKER])
        text = machines_files(PROFILE)[f"values/bed/machines/{WORKER}/{WORKER}.sh"]
        machine.push("/root/prepare.sh", text)
        yield machine


def run(machine: Machine, *words: str, path: str = "") -> Result:
    command = f"PATH={path}$PATH sh /root/prepare.sh {' '.join(words)}"
    return machine.run(command, check=False, timeout=120)


def build(machine: Machine, version: str) -> None:
    """Packages of programs that only tell their version."""
    for name, command in VERSIONS.items():
        folder = f"/srv/build/{name}"
        control = (
            f"Package: {name}\nVersion: {version}\nArchitecture: all\nMaintainer: nobody\nDescription: test\n"
        )
        program = f"#!/bin/sh\n{command.format(version=version)}\n"
        machine.push(f"{folder}/DEBIAN/control", control)
        machine.push(f"{folder}/usr/bin/{name}", program, mode=0o755)
        if name == "kubelet":
            machine.push(f"{folder}/lib/systemd/system/kubelet.service", node_files.KUBELET_UNIT)
        machine.run(f"mkdir -p '/srv/pack ages'; dpkg-deb --build {folder} '/srv/pack ages/{name}.deb'")


def test_the_plan_names_what_is_missing(bare: Machine) -> None:
    said = run(bare)
    assert said.code == 4
    assert "would install: " in said.stdout
    assert "kubeadm kubectl kubelet" in said.stdout


def test_upstream_sources_belong_to_the_minor_version(bare: Machine) -> None:
    bare.push("/root/fake/curl", CURL, mode=0o755)
    bare.push("/root/fake/apt-get", APT_GET, mode=0o755)
    said = run(bare, "--apply", path="/root/fake:")
    assert said.code == 1
    assert "kubeadm is not here" in said.stderr  # as nothing was really installed
    source = bare.pull("/etc/apt/sources.list.d/labhelm-kubernetes.list").decode()
    assert source == (
        "deb [signed-by=/etc/apt/keyrings/labhelm-kubernetes.asc] "
        "https://pkgs.k8s.io/core:/stable:/v1.36/deb/ /\n"
    )
    asked = bare.pull("/root/asked").decode().splitlines()
    assert "fetched https://pkgs.k8s.io/core:/stable:/v1.36/deb/Release.key" in asked
    assert asked[-2:][0] == "apt-get update -q"
    assert "kubeadm kubectl kubelet" in asked[-1]
    bare.run("rm -r /etc/apt/sources.list.d/labhelm-* /etc/apt/keyrings/labhelm-* /root/fake")


def test_nothing_is_installed_where_that_is_not_wanted(bare: Machine) -> None:
    said = run(bare, "--apply", "--packages", "none")
    assert said.code == 1
    assert "kubeadm kubectl kubelet" in said.stderr


def test_an_empty_folder_and_a_wrong_version_are_told(bare: Machine) -> None:
    bare.run("mkdir -p /srv/empty")
    assert "no .deb files in /srv/empty" in run(bare, "--apply", "--packages", "/srv/empty").stderr
    build(bare, "1.35.1")
    said = run(bare, "--apply", "--packages", "'/srv/pack ages'")
    assert said.code == 1
    assert "kubelet is v1.35.1, the profile wants 1.36" in said.stderr, said.stdout + said.stderr


def test_a_folder_of_packages_is_installed_and_held(bare: Machine) -> None:
    bare.run("apt-get remove -y -q kubelet kubeadm kubectl")
    build(bare, "1.36.3")
    said = run(bare, "--apply", "--packages", "'/srv/pack ages'")
    assert said.code in (AS_WANTED, CHECKS), said.stdout + said.stderr
    assert "containerd is 1.6" in said.stdout
    held = bare.run("apt-mark showhold").stdout.split()
    assert {"kubeadm", "kubectl", "kubelet", "containerd"} <= set(held)
    again = run(bare, "--apply", "--packages", "'/srv/pack ages'")
    assert again.code == said.code
    assert "installing" not in again.stdout
