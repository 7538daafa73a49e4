"""Run all checks over a snapshot: pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generator.doctor.base import Check, Finding, Outcome, State, Wish, unknown
from generator.doctor.checks import CHECKS
from generator.doctor.snapshot import Snapshot
from generator.errors import CommandError

EXIT_DIFFERENCES = 1
EXIT_UNKNOWN = 2


def examine(wish: Wish, snapshot: Snapshot, checks: Sequence[Check] = CHECKS) -> list[Outcome]:
    """What each check found, in the order of the table."""
    return [Outcome(check.name, tuple(_findings(check, wish, snapshot))) for check in checks]


def exit_code(outcomes: Sequence[Outcome]) -> int:
    """0 all right, 1 differences, 2 no difference that was seen, but not all could be seen."""
    states = {outcome.state for outcome in outcomes}
    if State.DIFFERENCE in states:
        return EXIT_DIFFERENCES
    return EXIT_UNKNOWN if State.UNKNOWN in states else 0


def not_seen(error: CommandError) -> Outcome:
    """The one outcome of a cluster that does not answer."""
    return Outcome("cluster", (unknown("cluster", error.message, hint=error.hint),))


def _findings(check: Check, wish: Wish, snapshot: Snapshot) -> Iterator[Finding]:
    hidden = [name for name in check.needs if name in snapshot.refused]
    for name in hidden:
        yield unknown(
            name,
            snapshot.refused[name],
            ("kubectl", "auth", "can-i", "list", name, "-A"),
            "labhelm doctor --rights prints the rights that it needs",
        )
    if not hidden:
        yield from check.look(wish, snapshot)
