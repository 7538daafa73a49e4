"""Parts of manifests that are passed on as they stand: only the API server knows their keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError


def _without_nulls(value: dict[str, Any]) -> dict[str, Any]:
    """A null in values makes Helm drop the key that stands there."""
    for empty in _nulls(value, ""):
        hint = "write a value after the colon, {} for a block without keys, or delete the line"
        raise PydanticCustomError("S003", "nothing is written for {key}", {"key": empty, "hint": hint})
    return value


def _nulls(value: Any, path: str) -> Iterator[str]:
    """Paths of the values that are null."""
    if value is None:
        yield path
    elif isinstance(value, dict):
        for key, below in value.items():
            yield from _nulls(below, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for index, below in enumerate(value):
            yield from _nulls(below, f"{path}[{index}]")


FreeForm = Annotated[dict[str, Any], AfterValidator(_without_nulls)]
"""A block of any keys, none of them without a value."""
