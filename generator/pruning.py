"""What is left of a profile without its faulty parts: the rules look at the rest in the same run."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from generator.profile.model import Profile

Place = tuple[str | int, ...]

_ROUNDS = 20
_PLACEHOLDERS: dict[str, Any] = {
    "name": "unnamed",
    "nodes": [{"name": "unnamed", "role": "control-plane", "cpu": 1, "memory": "1Gi"}],
}
"""Stand-ins for the keys without which there is no profile at all; their sections count as faulty."""


@dataclass
class Pruned:
    """The sound rest: None where nothing sound is left. `sections` lost something."""

    profile: Profile | None = None
    sections: set[str] = field(default_factory=set)
    removed: dict[Place, set[int]] = field(default_factory=dict)

    def original(self, path: Place) -> Place:
        """The place in the file of a place in the rest: items that were taken out shifted the later ones."""
        out: list[str | int] = []
        for step in path:
            if isinstance(step, int):
                for gone in sorted(self.removed.get(tuple(out), ())):
                    step += gone <= step
            out.append(step)
        return tuple(out)


def prune(value: Any, error: ValidationError) -> Pruned:
    """Take faulty values out, one round after another, until the rest is a valid profile."""
    pruned, rest = Pruned(), copy.deepcopy(value)
    for _ in range(_ROUNDS):
        if not isinstance(rest, dict):
            break
        _take_out(rest, error, pruned)
        try:
            pruned.profile = Profile.model_validate(rest, by_alias=True, by_name=False)
            break
        except ValidationError as again:
            error = again
    return pruned


def _take_out(rest: dict[str, Any], error: ValidationError, pruned: Pruned) -> None:
    faults = error.errors(include_url=False, include_context=False)
    places = {_place(one["loc"], rest) or (str(one["loc"][0]),) for one in faults if one["loc"]}
    # Later items first, and only the outermost of nested places: removing one must not move the others.
    for place in sorted(places, reverse=True):
        if any(place[:length] in places for length in range(1, len(place))):
            continue
        pruned.sections.add(str(place[0]))
        *parents, last = pruned.original(place)
        _remove(rest, place)
        if isinstance(last, int):
            pruned.removed.setdefault(tuple(parents), set()).add(last)


def _place(loc: Place, value: Any) -> Place:
    """The faulty value, or what lacks a missing key; names of union branches are no steps in the file."""
    path: list[str | int] = []
    for step in loc:
        here = isinstance(value, dict) and step in value
        listed = isinstance(value, list) and isinstance(step, int) and step < len(value)
        if not (here or listed):
            continue
        value = value[step]
        path.append(step)
    return tuple(path)


def _remove(rest: dict[str, Any], place: Place) -> None:
    *parents, last = place
    value: Any = rest
    for step in parents:
        value = value[step]
    if isinstance(value, list) and isinstance(last, int):
        del value[last]
    elif isinstance(value, dict):
        value.pop(last, None)
    if not parents and last in _PLACEHOLDERS:
        rest[str(last)] = copy.deepcopy(_PLACEHOLDERS[str(last)])
