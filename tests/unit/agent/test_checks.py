"""Checks: they look, name what is wrong, and change nothing."""

from __future__ import annotations

from typing import Any

import pytest
from agent.checks import CHECKS
from agent.standalone import NoCluster
from agent.steps.base import View
from agent.validate import parse

from tests.unit.agent.bed import FakeMachine, Machine


def found(fake: FakeMachine, name: str, version: str = "", **checks: Any) -> list[str]:
    settings = parse({"kubernetesVersion": version, "checks": checks})
    findings = CHECKS[name](View(fake.host(), settings, NoCluster()))
    return [f"{item.level}: {item.message}" for item in findings]


@pytest.mark.parametrize("name", CHECKS)
def test_nothing_asked_nothing_said(machine: Machine, name: str) -> None:
    assert found(machine("debian12-bare"), name) == []


def test_ports_name_their_holder(machine: Machine) -> None:
    ports = [
        {"port": 6443},
        {"port": 10248, "owners": ["kubelet"]},
        {"port": 10250, "owners": ["kubelet"]},
        {"port": 2379},
        {"port": 22},
    ]
    fake = machine("debian12-bare")
    assert found(fake, "ports", ports=ports) == ["failed: port 6443/tcp is held by nginx (812)"]
    (fake.root / "proc/812/fd/3").unlink()
    (unseen,) = found(fake, "ports", ports=[{"port": 6443}])
    assert unseen == "failed: port 6443/tcp is held by a process that cannot be seen"


def test_names_must_resolve_to_their_address_on_the_host(machine: Machine) -> None:
    fake = machine("debian12-bare")
    known = {"kitt": "10.0.0.11 STREAM kitt\n10.0.0.11 DGRAM\n", "moved": "10.0.0.99 STREAM moved\n"}
    fake.answers["getent"] = lambda args: (0, known[args[1]]) if args[1] in known else (2, "")
    peers = [{"name": name, "address": "10.0.0.11"} for name in ("kitt", "moved", "lost")]
    assert found(fake, "dns", peers=peers) == [
        "ok: kitt is 10.0.0.11",
        "failed: moved resolves to 10.0.0.99, not to 10.0.0.11",
        "failed: lost does not resolve: add it to DNS or /etc/hosts as 10.0.0.11",
    ]


def test_cgroup_version(machine: Machine) -> None:
    fake = machine("debian12-bare")
    assert found(fake, "cgroup", "1.36", cgroupVersion=2) == []
    (fake.root / "sys/fs/cgroup/cgroup.controllers").unlink()
    assert found(fake, "cgroup", "1.36") == [
        "warning: cgroup v1: kubelet 1.35 and later starts only with failCgroupV1: false"
    ]
    (failed,) = found(fake, "cgroup", "1.34", cgroupVersion=2)
    assert failed.startswith("failed: cgroup v1 is mounted, v2 is wanted")


@pytest.mark.parametrize(
    ("program", "answer", "level"),
    [
        ("timedatectl", (0, "yes\n"), "ok"),
        ("timedatectl", (0, "no\n"), "failed"),
        ("chronyc", (0, "Reference ID : A\nLeap status : Normal\n"), "ok"),
        ("chronyc", (0, "Leap status : Not synchronised\n"), "failed"),
        ("none", (0, ""), "failed"),
    ],
)
def test_clock(machine: Machine, program: str, answer: tuple[int, str], level: str) -> None:
    fake = machine("debian12-bare")
    fake.answers[program] = lambda args: answer
    (said,) = found(fake, "time", timeSync=True)
    assert said.startswith(f"{level}: the clock is ")


def test_disk(machine: Machine) -> None:
    fake = machine("debian12-bare")
    assert found(fake, "disk", disk=[{"path": "/var/lib/containerd", "freeGib": 0.001}]) == []
    (said,) = found(fake, "disk", disk=[{"path": "/var/lib/containerd", "freeGib": 1e9}])
    assert said.startswith("failed: /var/lib/containerd has ")
    assert said.endswith("1e+09 are wanted")


def test_sshd_first_value_counts_and_match_blocks_do_not(machine: Machine) -> None:
    fake = machine("debian12-bare")
    wanted = {"forbidRootLogin": True, "forbidPasswords": True}
    assert found(fake, "sshd", sshd=wanted) == [
        "failed: sshd: PermitRootLogin is yes in /etc/ssh/sshd_config.d/50-cloud.conf, no is wanted",
        "failed: sshd: PasswordAuthentication is yes, no is wanted",
        "failed: sshd: KbdInteractiveAuthentication is yes, no is wanted",
    ]
    text = "PermitRootLogin=no\nPasswordAuthentication no # never\nChallengeResponseAuthentication no\n"
    (fake.root / "etc/ssh/sshd_config.d/10-policy.conf").write_text(text)
    assert found(fake, "sshd", sshd=wanted) == []


def test_check_that_cannot_look_says_so(machine: Machine) -> None:
    fake = machine("debian12-bare")

    def getent(args: list[str]) -> tuple[int, str]:
        raise OSError("no more processes")

    fake.answers["getent"] = getent
    settings = parse({"checks": {"peers": [{"name": "kitt", "address": "10.0.0.11"}]}})
    code, report = fake.run_agent("plan", settings)
    assert code == 5
    assert "dns: could not be checked: no more processes" in report
