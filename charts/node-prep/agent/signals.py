"""Being told to stop: go back in order, and let nothing stop the way back."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator
from typing import Any

from agent.errors import Interrupted

_STOPS = (signal.SIGTERM, signal.SIGINT)


def catch_signals() -> None:
    """From now on a signal to stop raises Interrupted."""
    for number in _STOPS:
        signal.signal(number, _stop)


@contextlib.contextmanager
def uninterrupted() -> Iterator[None]:
    """A signal waits until the end of the block."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _STOPS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _stop(number: int, _frame: Any) -> None:
    raise Interrupted(f"stopped by {signal.Signals(number).name}")
