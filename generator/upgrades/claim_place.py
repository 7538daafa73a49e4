"""UPG103: a volume would have another claim, and the data stays with the old one."""

from __future__ import annotations

from collections.abc import Iterator

from generator.rules.base import Finding
from generator.upgrades.base import Change
from generator.upgrades.held import Held


def check(change: Change) -> Iterator[Finding]:
    """Yield a finding for each volume whose claim has another name or namespace."""
    kept = {one.place for one in change.after.values()}
    for key, new in change.after.items():
        old = change.before.get(key)
        if old is None or old.place == new.place or old.place in kept:
            continue
        yield Finding(
            ("storage", "volumes", key, "claim"),
            f"the claim of volume {key} would be {_words(new)}; it is {_words(old)}",
            _hint(new),
        )


def _hint(new: Held) -> str:
    if new.is_static:
        return (
            "the old claim and its volume stay in the cluster, and two volumes lead to the same data: "
            "delete the old ones first (the data stays), or keep the name"
        )
    return "the new claim is empty and the data stays in the old one: keep the name, or copy the data first"


def _words(one: Held) -> str:
    return f"{one.namespace or 'the namespace of the release'}/{one.claim}"
