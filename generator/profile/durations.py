"""How long a duration is."""

from __future__ import annotations

import re

_MILLISECONDS = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
_PART = re.compile(r"(\d+)(ms|s|m|h|d)")


def milliseconds(duration: str) -> int:
    """Milliseconds in a valid `Duration` such as `1m30s`."""
    return sum(int(number) * _MILLISECONDS[unit] for number, unit in _PART.findall(duration))
