"""schemas/profile.schema.json: what an editor needs to complete, explain and check a profile."""

from __future__ import annotations

from typing import Any

from generator.chartdocs.schema import DRAFT, Schema, raw_schema, text, tidied
from generator.model import Model
from generator.output.plan import mark
from generator.output.yaml_text import dump, scalar

_NULL = {"type": "null"}


def profile_schema(model: type[Model], source: str = "generator/profile/model.py") -> bytes:
    """The schema as draft-07; hover text has unit, default and example, unions go by their `type`."""
    body = tidied(_walk(raw_schema(model)))
    head = {"$comment": mark(source), "$schema": DRAFT, "title": "Labhelm profile"}
    return text(head | {key: value for key, value in body.items() if key != "title"}).encode()


def _walk(part: Any) -> Any:
    """Each subschema without null, with its union by type and its hover text."""
    if isinstance(part, list):
        return [_walk(item) for item in part]
    if not isinstance(part, dict):
        return part
    out = {key: _below(key, value) for key, value in part.items()}
    return _with_hover(_by_type(_simple_union(_without_null(out))))


def _below(key: str, value: Any) -> Any:
    if key in ("properties", "patternProperties", "$defs"):  # their keys are names, not words of JSON Schema
        return {name: _walk(part) for name, part in value.items()}
    return value if key in ("default", "examples") else _walk(value)


def _without_null(part: Schema) -> Schema:
    """A key that may be left out: its value, when there is one, is never null."""
    out = {name: value for name, value in part.items() if (name, value) != ("default", None)}
    if "default" in out:
        out["default"] = _bare(out["default"])
    branches = [branch for branch in out.get("anyOf", ()) if branch != _NULL]
    if "anyOf" not in out or len(branches) == len(out["anyOf"]):
        return out
    rest = {name: value for name, value in out.items() if name != "anyOf"}
    return {**branches[0], **rest} if len(branches) == 1 else {**rest, "anyOf": branches}


def _bare(default: Any) -> Any:
    """A default without what is unset in it."""
    if not isinstance(default, dict):
        return default
    return {name: _bare(value) for name, value in default.items() if value is not None}


def _simple_union(part: Schema) -> Schema:
    """`anyOf` of bare types is a list of types, which editors explain better."""
    branches = part.get("anyOf")
    if not branches or not all(branch.keys() == {"type"} for branch in branches):
        return part
    rest = {name: value for name, value in part.items() if name != "anyOf"}
    return {**rest, "type": [branch["type"] for branch in branches]}


def _by_type(part: Schema) -> Schema:
    """A discriminated union as if/then: editors then complain about the branch that is meant."""
    if "discriminator" not in part:
        return part
    name, mapping = part["discriminator"]["propertyName"], part["discriminator"]["mapping"]
    rest = {key: value for key, value in part.items() if key not in ("oneOf", "discriminator")}
    cases = [
        {
            "if": {"properties": {name: {"const": value}}, "required": [name]},
            "then": {"$ref": ref},
        }
        for value, ref in mapping.items()
    ]
    kinds = {name: {"enum": list(mapping), "description": "Decides which other keys there are."}}
    return {**rest, "type": "object", "required": [name], "properties": kinds, "allOf": cases}


def _with_hover(part: Schema) -> Schema:
    description = part.get("description")
    if not description:
        return part
    notes = [f"Unit: {part['x-unit']}"] if part.get("x-unit") else []
    if "default" in part:
        notes.append(f"Default: `{_flow(part['default'])}`")
    if part.get("examples"):
        notes.append(_example(part["examples"][0]))
    return {**part, "markdownDescription": "\n\n".join([" ".join(description.split()), *notes])}


def _example(value: Any) -> str:
    if isinstance(value, (dict, list)) and value:
        return f"Example:\n\n```yaml\n{dump(value)}```"
    return f"Example: `{_flow(value)}`"


def _flow(value: Any) -> str:
    return scalar(value) if not isinstance(value, (dict, list)) else dump(value, flow=True).strip()
