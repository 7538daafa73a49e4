"""The ssh server's policy, looked at only; steps/sshd.py is what brings it about."""

from __future__ import annotations

from collections.abc import Iterator

from agent.sshd import CONFIG, faults
from agent.steps.base import FAILED, Finding, View


def policy(view: View) -> Iterator[Finding]:
    """No root login, no passwords, where that is wanted."""
    if view.host.exists(CONFIG):
        for fault in faults(view.host, view.settings.checks.sshd):
            yield Finding(FAILED, f"sshd: {fault}")
