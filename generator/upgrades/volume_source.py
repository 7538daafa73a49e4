"""UPG101: a volume would get its data from somewhere else."""

from __future__ import annotations

from collections.abc import Iterator

from generator.rules.base import Finding
from generator.upgrades.base import Change
from generator.upgrades.held import Held


def check(change: Change) -> Iterator[Finding]:
    """Yield a finding for each static volume whose source, or node, is another."""
    for old, new in change.same_claims:
        if not (old.is_static and new.is_static) or old.volume != new.volume:
            continue
        if (old.source, old.nodes) != (new.source, new.nodes):
            yield Finding(
                ("storage", "volumes", new.key),
                f"volume {new.key} would lie elsewhere: {_words(old)} before, {_words(new)} now",
                "Kubernetes lets nobody change a volume's source: make a second volume with another claim, "
                "copy the data, and then mount that one",
                on_key=True,
            )


def _words(one: Held) -> str:
    (kind, source), *_ = one.source.items()
    place = ", ".join(
        str(value) for _, value in sorted(source.items(), reverse=True) if isinstance(value, str) and value
    )
    node = f" on {', '.join(one.nodes)}" if one.nodes else ""
    return f"{kind} {place}{node}".strip()
