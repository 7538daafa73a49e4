"""The page of the profile: each section with all its keys, from the model's own descriptions."""

from __future__ import annotations

import json
import types
from collections.abc import Iterator
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from generator.model import Model
from generator.output.plan import mark
from generator.profile.model import Profile

_PLAIN = {str: "text", int: "whole number", float: "number", bool: "true or false", Any: "any value"}


def profile_page() -> str:
    """Markdown of all sections, each once, in the order in which the profile refers to them."""
    head = (
        f"<!-- {mark('generator/profile/')} -->\n# The profile\n\n"
        "Everything that may stand in `profiles/<name>.yaml`. "
        "A section that is left out gets the defaults of its "
        "keys. Editors that know YAML schemas show the same texts.\n"
    )
    return "\n".join([head, *(_section(model) for model in sections(Profile))])


def sections(model: type[Model], seen: dict[type[Model], None] | None = None) -> dict[type[Model], None]:
    """The model and all that its fields refer to, each once, in reading order."""
    seen = {} if seen is None else seen
    if model not in seen:
        seen[model] = None
        for field in model.model_fields.values():
            for part in _parts(field.annotation):
                if isinstance(part, type) and issubclass(part, Model):
                    sections(part, seen)
    return seen


def _parts(annotation: Any) -> Iterator[Any]:
    yield annotation
    for argument in get_args(annotation):
        yield from _parts(argument)


def _section(model: type[Model]) -> str:
    lines = [
        f"## {model.__name__}\n",
        f"{(model.__doc__ or '').strip()}\n",
        "| Key | Type | Default | Example | Meaning |",
        "|---|---|---|---|---|",
    ]
    lines += [_row(name, field) for name, field in model.model_fields.items()]
    return "\n".join(lines) + "\n"


def _row(name: str, field: FieldInfo) -> str:
    unit = (
        (field.json_schema_extra or {}).get("x-unit", "") if isinstance(field.json_schema_extra, dict) else ""
    )
    meaning = (field.description or "") + (f" Unit: {unit}." if unit else "")
    default = "required" if field.is_required() else _value(field.get_default(call_default_factory=True))
    cells = (f"`{field.alias or name}`", _type(field.annotation), default, _example(field), meaning)
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _example(field: FieldInfo) -> str:
    return _value(field.examples[0]) if field.examples else ""


def _value(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Model):
        return "see there"
    return f"`{json.dumps(value, ensure_ascii=False)}`"


def _type(annotation: Any) -> str:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _type(arguments[0])
    if origin is Literal:
        return " or ".join(f"`{argument}`" for argument in arguments)
    if origin in (Union, types.UnionType):
        return " or ".join(dict.fromkeys(_type(one) for one in arguments if one is not type(None)))
    if origin is list:
        return f"list of {_type(arguments[0])}"
    if origin is dict:
        return f"map of {_type(arguments[1])}"
    if isinstance(annotation, type) and issubclass(annotation, Model):
        return f"[{annotation.__name__}](#{annotation.__name__.lower()})"
    return _PLAIN.get(annotation, str(annotation))
