"""What is looked at and never changed, by name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Callable

from agent.checks import machine, network, sshd
from agent.steps.base import Finding, View

Check = Callable[[View], Iterable[Finding]]

CHECKS: dict[str, Check] = {
    "ports": network.ports,
    "dns": network.peers,
    "cgroup": machine.cgroup,
    "time": machine.time_sync,
    "disk": machine.disk,
    "sshd": sshd.policy,
}
