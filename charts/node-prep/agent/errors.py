# ruff: noqa: N818 - named by what happened to the machine
"""What can go wrong, and the exit code each ends with.

The codes are an interface: the chart's loop, the bootstrap scripts and alerts read them.
"""

from __future__ import annotations

from collections.abc import Sequence

EXIT_OK = 0
EXIT_FAILED = 1
EXIT_SETTINGS = 2
EXIT_BUG = 3
EXIT_DRIFT = 4
EXIT_CHECKS = 5
EXIT_WAITING = 6
EXIT_UNSUPPORTED = 7
EXIT_BROKEN = 8
EXIT_INTERRUPTED = 130

EXIT_CODES = {
    EXIT_OK: "the machine is as wanted",
    EXIT_FAILED: "a change failed; the machine is as it was before",
    EXIT_SETTINGS: "the settings or the command line are wrong; nothing was looked at",
    EXIT_BUG: "a bug of the agent",
    EXIT_DRIFT: "the machine differs from what is wanted (plan, or apply without the opt-in)",
    EXIT_CHECKS: "nothing to change, but a check failed or a step refuses to act",
    EXIT_WAITING: "another node has the lease, the drain is blocked, another agent runs, or no API server",
    EXIT_UNSUPPORTED: "an immutable operating system, prepared by its own means; nothing was changed",
    EXIT_BROKEN: "going back failed too: a person must look",
    EXIT_INTERRUPTED: "stopped by a signal; the machine is as it was before",
}


class AgentError(Exception):
    """An expected failure; `reason` is one CamelCase word for the Node condition."""

    exit_code = EXIT_FAILED
    reason = "Failed"

    def __init__(self, message: str, *, reason: str = "") -> None:
        super().__init__(message)
        self.reason = reason or self.reason


class SettingsError(AgentError):
    """The settings are wrong; `faults` has every one of them."""

    exit_code = EXIT_SETTINGS
    reason = "InvalidSettings"

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


class CommandFailed(AgentError):
    """A program on the host failed; the message has the command to paste and what it printed."""

    reason = "CommandFailed"


class StepFailed(AgentError):
    """A change could not be made or did not hold."""


class Waiting(AgentError):
    """Not now: nothing was changed, the next run tries again."""

    exit_code = EXIT_WAITING
    reason = "Waiting"


class Unsupported(AgentError):
    """This operating system is not prepared by files and services."""

    exit_code = EXIT_UNSUPPORTED
    reason = "Unsupported"


class RollbackFailed(AgentError):
    """The way back failed; the journal stays, so that the next run tries again."""

    exit_code = EXIT_BROKEN
    reason = "RollbackFailed"


class Interrupted(AgentError):
    """SIGTERM or SIGINT: going back now is better than at the next run, which may never come."""

    exit_code = EXIT_INTERRUPTED
    reason = "Interrupted"


class KubeError(AgentError):
    """The API server refused or could not be reached; `status` is 0 when it was not reached."""

    exit_code = EXIT_WAITING
    reason = "ApiUnavailable"

    def __init__(self, message: str, *, status: int = 0) -> None:
        super().__init__(message)
        self.status = status
