"""Which branch of a union the user meant, so that only its errors are reported."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from generator.profile.structure_types import (
    Choice,
    Loc,
    aliases,
    bare,
    container,
    is_model,
    label_fits,
    literals,
)

_OTHER_KIND = -1000


def chosen_labels(choices: Iterable[Choice], value_at: Any) -> Mapping[Loc, str | int | None]:
    """For each union (by its location) the label to keep; None if the value is of no branch's kind.

    `value_at` gives the plain data at a path.
    """
    by_union: dict[Loc, dict[str | int, Choice]] = {}
    for choice in choices:
        by_union.setdefault(choice.prefix, {})[choice.label] = choice
    return {prefix: _best(labels, value_at) for prefix, labels in by_union.items()}


def _best(labels: Mapping[str | int, Choice], value_at: Any) -> str | int | None:
    if len(labels) == 1:  # a discriminator has chosen
        return next(iter(labels))
    scores = {label: _score(choice, value_at(choice.path)) for label, choice in labels.items()}
    best = max(scores, key=lambda label: scores[label])
    return best if scores[best] > _OTHER_KIND else None


def _score(choice: Choice, value: Any) -> int:
    member = next((member for member in choice.members if label_fits(member, choice.label)), None)
    kind = container(member)
    if kind is None:
        return 0
    is_number = kind is float and type(value) is int
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        return -1 if is_number else _OTHER_KIND
    return _keys_in_common(member, value) if is_model(member) else 0


def _keys_in_common(model: Any, value: Any) -> int:
    """Keys that fit the model, less those that are missing; a matching or wrong literal outweighs both."""
    score = 0
    for name, info in aliases(model).items():
        if name not in value:
            score -= info.is_required()
            continue
        options = literals(bare(info.annotation))
        score += (100 if value[name] in options else -100) if options else 2
    return score
