"""The helm release is deployed with the values that the profile becomes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from generator.doctor.base import UP, Finding, Wish, note, unknown
from generator.doctor.snapshot import RELEASES, Snapshot

_NAMED = 3


def look(wish: Wish, snapshot: Snapshot) -> Iterator[Finding]:
    """See base.Look."""
    subject = f"release {wish.namespace}/{wish.release}"
    if RELEASES in snapshot.refused:
        fix = ("helm", "status", wish.release, "-n", wish.namespace)
        yield unknown(subject, snapshot.refused[RELEASES], fix, "helm keeps releases in Secrets")
        return
    release = snapshot.release
    if release is None:
        yield Finding(subject, "is not installed", UP)
        return
    if release.status != "deployed":
        yield Finding(subject, f"is {release.status}", UP)
    paths = sorted(differing(_plain(wish.values), _plain(release.values)))
    if paths:
        more = f" and {len(paths) - _NAMED} more" if len(paths) > _NAMED else ""
        yield Finding(subject, f"has other values than the profile: {', '.join(paths[:_NAMED])}{more}", UP)
    yield note("", f"{wish.release}, {release.status}")


def differing(one: object, other: object, path: str = "") -> Iterator[str]:
    """Dotted paths of the values that differ, or that only one side has; an empty map is as good as none."""
    here, there = _map(one), _map(other)
    if here is not None and there is not None:
        for key in here.keys() | there.keys():
            yield from differing(here.get(key), there.get(key), f"{path}.{key}".lstrip("."))
    elif one != other:
        yield path


def _map(value: object) -> Mapping[str, object] | None:
    return value if isinstance(value, Mapping) else {} if value is None else None


def _plain(values: Mapping[str, object]) -> object:
    """As they are after YAML and JSON: tuples are lists, keys are text."""
    return json.loads(json.dumps(values))
