"""Each team's quota is the profile's, and is not exceeded; how much of it is used."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal

from generator.doctor.base import UP, Finding, Wish, note
from generator.doctor.snapshot import Object, Snapshot
from generator.quantities import amount_of


def look(wish: Wish, snapshot: Snapshot) -> Iterator[Finding]:
    """See base.Look."""
    for wanted in wish.of_kind("ResourceQuota"):
        namespace, name = wish.place(wanted)
        live = snapshot.find("resourcequotas", name, namespace)
        if live is None:
            yield Finding(f"quota {namespace}", "is not in the cluster", UP)
            continue
        yield from _bounds(namespace, name, wanted["spec"]["hard"], live["spec"].get("hard") or {})
        yield from _use(namespace, live)


def _bounds(
    namespace: str, name: str, wanted: Mapping[str, str], live: Mapping[str, str]
) -> Iterator[Finding]:
    """What somebody changed by hand, helm does not take back: it leaves others' fields alone."""
    patch = json.dumps([{"op": "replace", "path": "/spec/hard", "value": dict(wanted)}])
    fix = ("kubectl", "-n", namespace, "patch", "resourcequota", name, "--type=json", "-p", patch)
    for key in sorted(wanted.keys() | live.keys()):
        here, there = wanted.get(key), live.get(key)
        if here is None or there is None or _number(here) != _number(there):
            yield Finding(
                f"quota {namespace}",
                f"{key} is {there or 'not limited'}, the profile says {here or 'no limit'}",
                fix,
            )


def _use(namespace: str, live: Object) -> Iterator[Finding]:
    status = live.get("status") or {}
    hard, used = status.get("hard") or {}, status.get("used") or {}
    over = sorted(key for key in hard if _number(used.get(key, "0")) > _number(hard[key]))
    for key in over:
        yield Finding(
            f"quota {namespace}",
            f"{used[key]} of {hard[key]} {key} are used",
            ("kubectl", "-n", namespace, "get", "pods,pvc"),
            "raise the quota, or stop what is not needed: nothing new starts until then",
        )
    words = [f"{key.removeprefix('requests.')} {used.get(key, '0')}/{hard[key]}" for key in sorted(hard)]
    if words and not over:
        yield note(namespace, f"{namespace}: {', '.join(words)}")


def _number(quantity: str | int) -> Decimal:
    return amount_of(str(quantity))
