"""The closed JSON Schema (draft-07) of a chart's values, from its model.

Draft-07, as helm 3.17 knows nothing newer; `#/definitions` alone, as any other `$ref` makes helm look
for files on the user's disk or in the network.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue

from generator.model import Model
from generator.output.plan import mark


class _AsWritten(GenerateJsonSchema):
    """Leaves keys in the order of the model, in examples as well."""

    def sort(self, value: JsonSchemaValue, parent_key: str | None = None) -> JsonSchemaValue:  # noqa: ARG002
        """Keep `value` as it is."""
        return value


Schema = dict[str, Any]
DRAFT = "http://json-schema.org/draft-07/schema#"
_PREFIX = "#/definitions/"


def values_schema(model: type[Model], source: str, title: str, description: str = "") -> Schema:
    """Schema of a chart that is rendered by itself; `source` is the file that the mark names."""
    body = draft07(model)
    definitions = body.pop("definitions", {})
    return {
        "$comment": mark(source),
        "$schema": DRAFT,
        "title": title,
        "description": description or body.get("description", ""),
        **{key: value for key, value in body.items() if key not in ("title", "description")},
        "definitions": definitions,
    }


def draft07(model: type[Model]) -> Schema:
    """Pydantic's schema with draft-07 references, closed maps, and no machine-made titles of keys.

    Raises ValueError for a null: Helm 3 and 4 disagree on what it means in a chart's values.
    """
    return tidied(raw_schema(model))


def raw_schema(model: type[Model]) -> Schema:
    """Pydantic's own schema, with references to #/definitions/ and in the order of the model."""
    return model.model_json_schema(ref_template=_PREFIX + "{model}", schema_generator=_AsWritten)


def tidied(body: Schema) -> Schema:
    """A raw schema with its definitions in place. Raises ValueError for a null."""
    definitions = {name: _clean(part) for name, part in sorted(body.pop("$defs", {}).items())}
    return {**_clean(body), "definitions": definitions}


def prefixed(schema: Schema, prefix: str, keep: frozenset[str]) -> Schema:
    """The schema with its definitions and references named `<prefix>.<name>`, except those in `keep`."""

    def renamed(name: str) -> str:
        return name if name in keep else f"{prefix}.{name}"

    def walk(part: Any) -> Any:
        match part:
            case {"$ref": str(ref)}:
                return {**part, "$ref": _PREFIX + renamed(ref.removeprefix(_PREFIX))}
            case dict():
                return {key: walk(value) for key, value in part.items()}
            case list():
                return [walk(value) for value in part]
        return part

    definitions = schema.get("definitions", {})
    return {**walk(schema), "definitions": {renamed(name): walk(part) for name, part in definitions.items()}}


def resolve(part: Schema, definitions: Mapping[str, Schema]) -> Schema:
    """`part` with what its `$ref` points to; what stands beside the `$ref` wins."""
    if "$ref" not in part:
        return part
    target = definitions[part["$ref"].removeprefix(_PREFIX)]
    return {**target, **{key: value for key, value in part.items() if key != "$ref"}}


def text(schema: Schema) -> str:
    """JSON as it is written to disk."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _clean(part: Any, *, names: bool = False) -> Any:
    """Tidy one part; with `names` its keys are names chosen by us, not words of JSON Schema."""
    if isinstance(part, list):
        return [_clean(item) for item in part]
    if not isinstance(part, dict):
        return part
    if names:
        return {name: _without_title(_clean(value)) for name, value in part.items()}
    if part.get("type") == "null":
        raise ValueError('a value may be null; use "" or 0 for unset')
    out = {
        key: value if key in ("default", "examples", "enum", "const")
        else _clean(value, names=key in ("properties", "patternProperties"))
        for key, value in part.items()
    }  # fmt: skip
    if "patternProperties" in out:
        out.setdefault("additionalProperties", False)  # a key of another form is a mistake, not a free value
    if not out.get("description"):
        out.pop("description", None)
    return out


def _without_title(part: Any) -> Any:
    return {key: value for key, value in part.items() if key != "title"} if isinstance(part, dict) else part
