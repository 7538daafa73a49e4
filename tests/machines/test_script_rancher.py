"""The scripts for RKE2 and k3s with a stand-in for their installers and services: neither can be had here."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from generator.machines.files import machines_files
from generator.profile.model import Profile
from tests.machines.bed import Bed
from tests.machines.bed.machine import Machine

NODES = {"bonnie": "172.31.77.11", "kitt": "172.31.77.12"}
UNITS = {
    ("rke2", "bonnie"): "rke2-server",
    ("rke2", "kitt"): "rke2-agent",
    ("k3s", "bonnie"): "k3s",
    ("k3s", "kitt"): "k3s-agent",
}
PROGRAM = '#!/bin/sh\necho "{distribution} version v1.36.3+{distribution}1 (abcdef)"\n'
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
def machines(request: pytest.FixtureRequest) -> Iterator[tuple[str, dict[str, Machine]]]:
    distribution: str = request.param
    nodes = [
        {"name": name, "address": address, "role": role, "cpu": 2, "memory": "2Gi"}
        for (name, address), role in zip(NODES.items(), ("control-plane", "worker"), strict=True)
    ]
    profile = Profile.model_validate(
        {
            "name": "bed",
            "cluster": {"distribution": distribution, "version": "1.36"},
            "nodes": nodes,
            "nodePrep": {"offline": "/srv/packages"},
        }
    )
    scripts = machines_files(profile)
    with Bed() as bed:
        for name, address in NODES.items():
            machine = bed.boot(name, address)
            machine.push("/root/prepare.sh", scripts[f"values/bed/machines/{name}/{name}.sh"])
            machine.push(f"/srv/packages/{distribution}", PROGRAM.format(distribution=distribution))
            server = f"/var/lib/rancher/{distribution}/server"
            unit = UNITS[distribution, name]
            installer = INSTALLER.format(distribution=distribution, unit=unit, server=server)
            machine.push("/srv/packages/install.sh", installer)
        yield distribution, bed.machines


def script(machine: Machine, *words: str) -> str:
    said = machine.run(["sh", "/root/prepare.sh", *words], check=False, timeout=120)
    assert said.code in (AS_WANTED, CHECKS), f"{said.code}: {said.stdout}\n{said.stderr}"
    return said.stdout


def test_both_roles_are_prepared_and_started(machines: tuple[str, dict[str, Machine]]) -> None:
    distribution, (first, worker) = machines[0], machines[1].values()
    for machine in (first, worker):
        script(machine, "--apply")
        asked = machine.pull("/root/asked").decode()
        kind = "server" if machine is first else "agent"
        variable = "INSTALL_RKE2_TYPE" if distribution == "rke2" else "INSTALL_K3S_EXEC"
        assert f"{variable}={kind}\n" in asked
        assert "_CHANNEL=v1.36\n" in asked
        assert "wrote" not in script(machine, "--apply")
    script(first, "--start")
    script(first, "--join-file", "/root/join")
    join = first.pull("/root/join")
    assert join == b"the-token\n"
    worker.push("/root/join", join, mode=0o600)
    script(worker, "--start", "/root/join")
    assert worker.run(f"stat -c %a /etc/rancher/{distribution}/token").stdout.strip() == "600"
    assert worker.pull(f"/etc/rancher/{distribution}/token") == join
    for machine in (first, worker):
        assert machine.run(f"systemctl is-active {UNITS[distribution, machine.name]}").stdout == "active\n"
    assert "runs already" in script(worker, "--start", "/root/join")
