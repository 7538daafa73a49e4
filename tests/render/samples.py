"""Valid values made from a chart's schema: other values for a key, a whole with every section present."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from jsonschema import Draft7Validator

from generator.chartdocs.schema import Schema, resolve

Path = tuple[str | int, ...]
ITEM = "sample"
_TEXTS = (
    ITEM, "7", "123m", "77Mi", "7s", "50%", "/sample", "sample.example.org", "10.9.8.0/24", "10.9.8.7",
    "sha256:" + "a" * 64, "https://sample.example.org", "labhelm.io/sample", "Sample", "a=b", "1.34", "v1.34",
    "latest", "ReadWriteMany",
)  # fmt: skip


class Sampler:
    """Makes values for the parts of one schema."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self._definitions = schema.get("definitions", {})

    def others(self, part: Schema, current: Any) -> Iterator[Any]:
        """Valid values that are not `current`, the likeliest first."""
        full = resolve(part, self._definitions)
        for candidate in self._candidates(full, current):
            if candidate != current and self.is_valid(full, candidate):
                yield candidate

    def is_valid(self, part: Schema, value: Any) -> bool:
        """Whether the schema takes the value."""
        alone = "$ref" not in str(part)  # then the definitions, which cost time, are not needed
        schema = part if alone else {**part, "definitions": self._definitions}
        return bool(Draft7Validator(schema).is_valid(value))

    def least(self, part: Schema) -> Any:
        """A value with the required keys only."""
        full = resolve(part, self._definitions)
        if full.get("type") == "object" or "properties" in full:
            keys = full.get("required", ())
            return {key: self.least(full["properties"][key]) for key in keys}
        return next(self.others({k: v for k, v in full.items() if k != "default"}, None))

    def whole(self, part: Schema | None = None) -> Any:
        """A value with every section, and one item in each map and list of sections."""
        full = resolve(self.schema if part is None else part, self._definitions)
        if "properties" in full:
            return {key: self.whole(below) for key, below in full["properties"].items()}
        if (item := map_item(full)) is not None:
            return {ITEM: self.whole(item)}
        if isinstance(full.get("items"), dict):
            return [self.whole(full["items"])]
        return full["default"] if "default" in full else next(self.others(full, None), ITEM)

    def _candidates(self, full: Schema, current: Any) -> Iterator[Any]:
        yield from full.get("examples", ())
        yield from full.get("enum", ())
        if isinstance(current, bool) or full.get("type") == "boolean":
            yield from (True, False)
        if "anyOf" in full:
            for branch in full["anyOf"]:
                yield from self._candidates(resolve(branch, self._definitions), current)
        number = current if isinstance(current, (int, float)) and not isinstance(current, bool) else 0
        yield from (number + 1, number - 1, number + 7, full.get("minimum"), full.get("maximum"))
        yield from _TEXTS
        if isinstance(full.get("items"), dict):
            yield from ([item] for item in self._candidates(resolve(full["items"], self._definitions), None))
            yield from ([self.least(full["items"])], [])
        if (item := map_item(full)) is not None:
            yield {**(current if isinstance(current, dict) else {}), ITEM: self.least(item)}
        yield from ({ITEM: ITEM}, [{ITEM: ITEM}])


def map_item(full: Schema) -> Schema | None:
    """Schema of a map's items; None for a section with fixed keys and for what is no map."""
    if "properties" in full:
        return None
    pattern = full.get("patternProperties")
    item = next(iter(pattern.values())) if pattern else full.get("additionalProperties")
    return item if isinstance(item, dict) else None


def leaves(
    sampler: Sampler, value: Any, part: Schema | None = None, path: Path = ()
) -> Iterator[tuple[Path, Schema]]:
    """Every key without sections below it, as it would stand in `value`; an empty map gets an item."""
    full = resolve(sampler.schema if part is None else part, sampler.schema.get("definitions", {}))
    if "properties" in full:
        for key, below in full["properties"].items():
            yield from leaves(
                sampler, value.get(key, {}) if isinstance(value, dict) else {}, below, (*path, key)
            )
    elif (item := map_item(full)) is not None and _has_keys(sampler, item):
        names = list(value) if isinstance(value, dict) and value else [ITEM]
        for name in names[:1]:
            yield from leaves(
                sampler, value.get(name, {}) if isinstance(value, dict) else {}, item, (*path, name)
            )
    elif isinstance(full.get("items"), dict) and _has_keys(sampler, full["items"]):
        first = value[0] if isinstance(value, list) and value else {}
        yield from leaves(sampler, first, full["items"], (*path, 0))
    else:
        yield path, full


def _has_keys(sampler: Sampler, part: Schema) -> bool:
    return "properties" in resolve(part, sampler.schema.get("definitions", {}))


def model_path(path: Path, schema: Schema) -> str:
    """The path as the README writes it: `groups.<name>.cpu`, `mounts[].name`."""
    out, part, definitions = "", schema, schema.get("definitions", {})
    for step in path:
        full = resolve(part, definitions)
        if isinstance(step, int):
            out, part = f"{out}[]", full["items"]
        elif "properties" in full:
            out, part = f"{out}.{step}", full["properties"][step]
        else:
            out, part = f"{out}.<name>", map_item(full) or {}
    return out.lstrip(".")


def lookup(value: Any, path: Path, default: Any = None) -> Any:
    """What stands at `path`, or `default`."""
    for step in path:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return default
    return value


def with_value(sampler: Sampler, base: dict[str, Any], path: Path, value: Any) -> dict[str, Any]:
    """`base` with `value` at `path`; items that are made on the way get their required keys."""
    out: dict[str, Any] = copy.deepcopy(base)
    here: Any = out
    part = resolve(sampler.schema, sampler.schema.get("definitions", {}))
    for step, following in pairwise(path):
        part = _below(sampler, part, step)
        empty: Any = [] if isinstance(following, int) else sampler.least(part)
        if isinstance(here, list):
            if not here:
                here.append(empty)
        elif step not in here:
            here[step] = empty
        here = here[step]
    if isinstance(here, list) and not here:
        here.append(value)
    else:
        here[path[-1]] = value
    return out


def _below(sampler: Sampler, full: Schema, step: str | int) -> Schema:
    part = (
        full["items"]
        if isinstance(step, int)
        else full.get("properties", {}).get(step) or map_item(full) or {}
    )
    return resolve(part, sampler.schema.get("definitions", {}))


def switched_on(value: Any) -> Any:
    """`value` with each `enabled` in it true."""
    if not isinstance(value, dict):
        return value
    return {key: True if key == "enabled" else switched_on(below) for key, below in value.items()}


def typos(key: str) -> Sequence[str]:
    """One-letter typos of a key: a letter left out, doubled, swapped, in the other case, or another one."""
    found = set()
    for i, letter in enumerate(key):
        other = "x" if letter != "x" else "y"
        swapped = key[:i] + key[i + 1 : i + 2] + letter + key[i + 2 :]
        found |= {key[:i] + key[i + 1 :], key[:i] + letter + key[i:], swapped, key[:i] + other + key[i + 1 :]}
        found.add(key[:i] + letter.swapcase() + key[i + 1 :])
    return sorted(word for word in found - {key, ""} if re.fullmatch(r"[A-Za-z0-9_./-]+", word))
