"""KUB101: two PodDefaults that one pod may have disagree; Kubeflow refuses such a pod."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import combinations
from typing import Any

from generator.components.poddefaults.made import Made, pod_defaults
from generator.components.poddefaults.values import PodDefault
from generator.profile.model import Profile
from generator.rules.base import Finding, Names

Setting = tuple[str, str]


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding for each pair that disagrees, and for each one that disagrees with itself."""
    made = list(pod_defaults(profile))
    for one in made:
        for what in _with_itself(one.values):
            yield Finding(one.path, f"the PodDefault {one.name} has {what} twice", "Kubeflow takes it once")
    for one, other in combinations(made, 2):
        if one.name != other.name and _meet(one, other):
            yield from _disagreements(one, other)


def _disagreements(one: Made, other: Made) -> Iterator[Finding]:
    first, second = dict(_settings(one.values)), dict(_settings(other.values))
    for setting in sorted(first.keys() & second.keys()):
        if first[setting] != second[setting]:
            yield Finding(
                other.path,
                f"a pod with the PodDefaults {one.name} and {other.name} is refused: "
                f"they have another {setting[0]} {setting[1]}",
                "make both the same, or rename one",
                related=((one.path, f"the PodDefault {one.name}"),),
            )


def _meet(one: Made, other: Made) -> bool:
    """Whether a pod can have the labels of both, in a namespace of both."""
    here, there = one.values.namespaces, other.values.namespaces
    if here and there and not set(here) & set(there):
        return False
    first, second = one.values.match_labels, other.values.match_labels
    return all(second.get(key, value) == value for key, value in first.items())


def _settings(values: PodDefault) -> Iterator[tuple[Setting, Any]]:
    """What the webhook compares: by name, and places also by path."""
    yield from ((("variable", name), text) for name, text in values.env.items())
    yield from ((("volume", one["name"]), _text(one)) for one in values.volumes)
    yield from ((("place of the volume", one["name"]), _text(one)) for one in values.volume_mounts)
    yield from ((("volume at", one["mountPath"]), _text(one)) for one in values.volume_mounts)
    yield from ((("toleration of", one["key"]), _text(one)) for one in values.tolerations)


def _with_itself(values: PodDefault) -> Iterator[str]:
    """The webhook adds one after the other: what comes twice in one list meets itself."""
    seen: dict[Setting, Any] = {}
    for setting, value in _settings(values):
        if seen.setdefault(setting, value) != value:
            yield f"the {setting[0]} {setting[1]}"


def _text(value: dict[str, Any]) -> str:
    return json.dumps(value, sort_keys=True)
