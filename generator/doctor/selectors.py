"""Label selectors, as Kubernetes reads them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Selector = Mapping[str, Any]


def matches(selector: Selector | None, labels: Mapping[str, str]) -> bool:
    """Whether it selects: nothing without a selector, everything with an empty one."""
    if selector is None:
        return False
    pairs = selector.get("matchLabels") or {}
    return all(labels.get(key) == value for key, value in pairs.items()) and all(
        _expression(one, labels) for one in selector.get("matchExpressions") or ()
    )


def _expression(one: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    there, values = one["key"] in labels, one.get("values") or ()
    match one["operator"]:
        case "In":
            return there and labels[one["key"]] in values
        case "NotIn":
            return not (there and labels[one["key"]] in values)
        case "Exists":
            return there
        case _:  # DoesNotExist
            return not there
