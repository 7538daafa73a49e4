"""Restart a service and see that it works."""

from __future__ import annotations

import time
from dataclasses import dataclass

from agent.actions.base import Context, SimpleAction
from agent.errors import StepFailed
from agent.health import HEALTH, HEALTHY, STOPPED, active

POLL_SECONDS = 1.0


@dataclass(frozen=True)
class Restart(SimpleAction):
    """Restart (or reload) `unit`; the probe `health` of health.HEALTH must pass within `seconds`.

    Never daemon-reload: it detaches GPUs from running containers. Our files are read by the programs
    themselves, so systemd has nothing to reload. `was` is how the unit was before (health.unit_state): the
    way back must not ask for more, nor leave a service running that did not run.
    """

    unit: str
    health: str
    seconds: int
    verb: str = "restart"
    was: str = HEALTHY
    kind = "restart"

    @property
    def disruptive(self) -> bool:
        """A reload keeps containers running."""
        return self.verb == "restart"

    def describe(self) -> str:
        """See Action.describe."""
        return f"systemctl {self.verb} {self.unit}"

    def apply(self, context: Context) -> None:
        """Restart, then wait until it is healthy."""
        self._start(context, self.verb, self.health)

    def revert(self, context: Context) -> None:
        """The old files are back: the service must read them again."""
        if self.was == STOPPED:
            context.host.run(["systemctl", "stop", self.unit], timeout=120)
            return
        if self.verb == "reload" and active(context.host, self.unit):
            # It does not run, as after a power loss, and reads its files when it starts.
            return
        self._start(context, self.verb, self.health if self.was == HEALTHY else "active")

    def _start(self, context: Context, verb: str, health: str) -> None:
        context.host.run(["systemctl", verb, self.unit], timeout=max(self.seconds, 120))
        deadline = time.monotonic() + self.seconds
        problem = HEALTH[health](context.host, self.unit)
        while problem:
            if time.monotonic() >= deadline:
                raise StepFailed(f"{self.unit} is not healthy: {problem}", reason="Unhealthy")
            time.sleep(POLL_SECONDS)
            problem = HEALTH[health](context.host, self.unit)
