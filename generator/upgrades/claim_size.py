"""UPG104: a claim would get a size that Kubernetes refuses."""

from __future__ import annotations

from collections.abc import Iterator

from generator.quantities import amount_of
from generator.rules.base import Finding
from generator.upgrades.base import Change
from generator.upgrades.held import Held


def check(change: Change) -> Iterator[Finding]:
    """Yield a finding for each claim that shrinks, and each that grows where it cannot."""
    for old, new in change.same_claims:
        before, now = amount_of(old.claim_size), amount_of(new.claim_size)
        reason = _reason(change, new, shrinks=now < before) if before != now else ("", "")
        if reason[0]:
            yield Finding(
                ("storage", "volumes", new.key, "size"),
                f"claim {new.claim} would go from {old.claim_size} to {new.claim_size}: {reason[0]}",
                reason[1].format(key=new.key, size=old.claim_size),
            )


def _reason(change: Change, new: Held, *, shrinks: bool) -> tuple[str, str]:
    """What is wrong, and what to do; nothing for a claim that may grow."""
    if shrinks:
        return "no claim can shrink", "keep size: {size}, or make a smaller volume and copy the data"
    if new.is_static:
        hint = "the volume may grow, its claim keeps its size. Write:\n"
        hint += "  overrides: {{storage: {{volumes: {{{key}: {{claim: {{size: {size}}}}}}}}}}}"
        return "the claim of a static volume cannot grow", hint
    classes = (change.new.get("storage") or {}).get("classes") or {}
    if classes.get(new.class_name, {}).get("allowVolumeExpansion", True):
        return "", ""
    return f"class {new.class_name} cannot grow volumes", "keep size: {size}, or use another class"
