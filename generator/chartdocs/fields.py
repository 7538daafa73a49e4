"""What people read about each key of a chart's values, as a tree made from the schema."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from generator.chartdocs.schema import Schema, resolve

MISSING = object()


@dataclass(frozen=True)
class Key:
    """One key: `children` are those of a fixed section, `items` those of each item of a map or list."""

    name: str
    path: str
    type: str
    description: str
    unit: str
    default: Any
    example: Any
    children: tuple[Key, ...] = ()
    items: tuple[Key, ...] = ()

    @property
    def choices(self) -> bool:
        """Whether the type is a list of the possible values."""
        return " | " in self.type and not self.type.startswith(("list", "map"))

    @property
    def required(self) -> bool:
        """Whether the key has no default."""
        return self.default is MISSING

    def walk(self) -> Iterator[Key]:
        """The key and all below it, in reading order."""
        yield self
        for child in (*self.children, *self.items):
            yield from child.walk()


def keys_of(schema: Schema) -> tuple[Key, ...]:
    """The keys of a schema's root, in the order of the model."""
    return _Reader(schema.get("definitions", {})).keys(schema, "", MISSING)


@dataclass(frozen=True)
class _Reader:
    definitions: dict[str, Schema]

    def keys(self, section: Schema, path: str, default: Any) -> tuple[Key, ...]:
        given = default if isinstance(default, dict) else {}
        return tuple(
            self._key(name, f"{path}.{name}".lstrip("."), part, given.get(name, MISSING))
            for name, part in section.get("properties", {}).items()
        )

    def _key(self, name: str, path: str, part: Schema, given: Any) -> Key:
        full = resolve(part, self.definitions)
        default = given if given is not MISSING else full.get("default", MISSING)
        fixed = "properties" in full
        return Key(
            name=name,
            path=path,
            type=self._type(full),
            description=" ".join(full.get("description", "").split()),
            unit=full.get("x-unit", ""),
            default={} if fixed and default is MISSING and name not in full.get("required", ()) else default,
            example=full.get("examples", [MISSING])[0],
            children=self.keys(full, path, default) if fixed else (),
            items=() if fixed else self._items(full, path),
        )

    def _items(self, full: Schema, path: str) -> tuple[Key, ...]:
        if isinstance(full.get("items"), dict):
            return self.keys(resolve(full["items"], self.definitions), f"{path}[]", MISSING)
        item = _map_item(full)
        return self.keys(resolve(item, self.definitions), f"{path}.<name>", MISSING) if item else ()

    def _type(self, full: Schema) -> str:
        if "enum" in full:
            return " | ".join(str(value) or '""' for value in full["enum"])
        if "const" in full:
            return str(full["const"])
        if "anyOf" in full:
            return " or ".join(dict.fromkeys(self._type(resolve(p, self.definitions)) for p in full["anyOf"]))
        if isinstance(full.get("items"), dict):
            return f"list of {_plural(self._type(resolve(full['items'], self.definitions)))}"
        if (item := _map_item(full)) is not None:
            return f"map of {_plural(self._type(resolve(item, self.definitions)))}"
        kind = full.get("type", "any value")
        return " or ".join(kind) if isinstance(kind, list) else str(kind)


def _plural(kind: str) -> str:
    return f"{kind}s" if kind.isalpha() else f"({kind})"


def _map_item(full: Schema) -> Schema | None:
    """Schema of a map's items; None when the section's keys are fixed."""
    if "properties" in full:
        return None
    pattern = full.get("patternProperties")
    item = next(iter(pattern.values())) if pattern else full.get("additionalProperties")
    return item if isinstance(item, dict) else None
