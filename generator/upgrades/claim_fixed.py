"""UPG102: a claim would change in what Kubernetes fixes when it is made."""

from __future__ import annotations

from collections.abc import Iterator

from generator.rules.base import Finding
from generator.upgrades.base import Change
from generator.upgrades.held import Held


def check(change: Change) -> Iterator[Finding]:
    """Yield a finding for each such key."""
    for old, new in change.same_claims:
        for key, before, now in _fixed(old, new):
            if before != now:
                yield Finding(
                    ("storage", "volumes", new.key, key),
                    f"claim {new.claim} would change from {before} to {now}",
                    "Kubernetes fixes this when the claim is made: make a second volume with another claim, "
                    "copy the data, and then mount that one",
                )


def _fixed(old: Held, new: Held) -> Iterator[tuple[str, str, str]]:
    yield "access", ", ".join(old.access), ", ".join(new.access)
    yield "volumeMode", old.mode, new.mode
    if old.is_static != new.is_static:
        yield "class", _kind(old), _kind(new)
    elif not new.is_static:
        yield "class", old.class_name, new.class_name


def _kind(one: Held) -> str:
    return "a volume of its own" if one.is_static else one.class_name
