"""Are values right? Each key path must be one that the upstream's default values have.

Most upstreams have no schema and take a typo without a word. Three things may differ from the defaults: maps
whose keys are the user's own (labels and the like), maps in Kubernetes' words, and key paths that templates
read though the defaults lack them; the catalogue names the last ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from generator.base.images import keys
from generator.diagnostics.suggest import did_you_mean

FREE = frozenset(
    {
        "labels",
        "additionalLabels",
        "annotations",
        "podAnnotations",
        "podLabels",
        "nodeSelector",
        "grafana.ini",
    }
)
"""Maps whose keys are the user's own."""
_RESOURCES = {"requests": {"cpu": "", "memory": ""}, "limits": {"cpu": "", "memory": ""}}
_CLAIM = {"spec": {"storageClassName": "", "accessModes": [], "resources": {"requests": {"storage": ""}}}}
SHAPES: dict[str, dict[str, Any]] = {
    "resources": _RESOURCES,
    "storageSpec": {"volumeClaimTemplate": _CLAIM},
    "extraEnv": {"*": {"value": "", "valueFrom": {"secretKeyRef": {"name": "", "key": ""}}}},
    "podSecurityContext": {"seccompProfile": {"type": ""}, "runAsUser": 0, "fsGroup": 0},
}
"""Maps in Kubernetes' words, empty in the defaults; `*` stands for any key."""


@dataclass(frozen=True)
class Fault:
    """A key path that the upstream does not know, or a value of another kind than its own."""

    path: tuple[str, ...]
    message: str

    def __str__(self) -> str:
        return f"{'.'.join(self.path)}: {self.message}"


def faults(
    values: Mapping[str, Any], defaults: Mapping[str, Any], optional: tuple[str, ...] = ()
) -> Iterator[Fault]:
    """What in `values` the chart with these `defaults` does not know."""
    yield from _faults(values, _with_optional(defaults, optional), ())


def _with_optional(defaults: Mapping[str, Any], optional: tuple[str, ...]) -> Mapping[str, Any]:
    """The defaults, and a place without a value for each optional path."""
    out: dict[str, Any] = dict(defaults)
    for path in optional:
        here = out
        *above, last = keys(path)
        for key in above:
            below = here.get(key)
            here[key] = dict(below) if isinstance(below, Mapping) else {}
            here = here[key]
        here.setdefault(last, None)
    return out


def _faults(values: Mapping[str, Any], known: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[Fault]:
    for key, value in values.items():
        here = (*path, str(key))
        if key not in known and "*" not in known:
            guess = did_you_mean(str(key), [str(one) for one in known])
            yield Fault(here, "the chart has no such key" + (f"; did you mean {guess}?" if guess else ""))
        elif key not in FREE:
            yield from _value_faults(value, known.get(key, known.get("*")), here)


def _value_faults(value: Any, default: Any, path: tuple[str, ...]) -> Iterator[Fault]:
    if isinstance(value, Mapping):
        below = default or SHAPES.get(path[-1])
        if isinstance(below, Mapping):
            yield from _faults(value, below, path)
        elif default:
            yield Fault(path, f"the chart has {_kind(default)} here, no map")
    elif default is not None and _kind(value) != _kind(default) and not _numbers(value, default):
        yield Fault(path, f"this is {_kind(value)}, the chart has {_kind(default)}")


def _kind(value: Any) -> str:
    match value:
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str() | None:
            return "a text"
        case list() | tuple():
            return "a list"
    return "a map"


def _numbers(value: Any, default: Any) -> bool:
    """Charts take `8080` and "8080" alike, and quote what they read."""
    return {_kind(value), _kind(default)} == {"a number", "a text"}
