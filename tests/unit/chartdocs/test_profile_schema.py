"""The schema that editors use for profiles."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
import yaml
from jsonschema import Draft7Validator
from pydantic import Field

from generator.chartdocs.profile_schema import profile_schema
from generator.chartdocs.schema import resolve
from generator.model import Model, doc
from generator.profile.model import Profile

ROOT = Path(__file__).resolve().parents[3]
SCHEMA = json.loads(profile_schema(Profile))
VALIDATOR = Draft7Validator(SCHEMA)


class Nfs(Model):
    type: Literal["nfs"]
    server: Annotated[str, doc("Server.")]


class Local(Model):
    type: Literal["local"]
    path: Annotated[str, doc("Path.", unit="none", example="/data")] = "/srv"


class Small(Model):
    source: Annotated[Annotated[Nfs | Local, Field(discriminator="type")] | None, doc("Where.")] = None
    number: Annotated[str | int, doc("Either.")] = 1
    default: Annotated[str | None, doc("A key that is a word of JSON Schema.")] = None


SMALL = json.loads(profile_schema(Small))


def errors(value: dict[str, Any]) -> list[str]:
    return [error.message for error in Draft7Validator(SMALL).iter_errors(value)]


def test_it_is_draft_07() -> None:
    Draft7Validator.check_schema(SCHEMA)
    assert next(iter(SCHEMA)) == "$comment"
    assert "null" not in json.dumps([kind for kind in _types(SCHEMA) if kind is not None])


def _types(part: Any) -> list[Any]:
    if isinstance(part, dict):
        return [
            part.get("type"),
            *(item for key, below in part.items() if key != "type" for item in _types(below)),
        ]
    return [item for below in part for item in _types(below)] if isinstance(part, list) else []


@pytest.mark.parametrize("file", sorted((ROOT / "profiles").glob("*.yaml")), ids=lambda path: path.stem)
def test_our_profiles_pass(file: Path) -> None:
    assert [error.message for error in VALIDATOR.iter_errors(yaml.safe_load(file.read_text()))] == []


def test_a_union_complains_about_the_branch_that_is_meant() -> None:
    assert errors({"source": {"type": "nfs"}}) == ["'server' is a required property"]
    assert errors({"source": {"type": "local", "server": "x"}}) == [
        "Additional properties are not allowed ('server' was unexpected)"
    ]
    assert errors({"source": {"type": "loacl"}}) == ["'loacl' is not one of ['nfs', 'local']"]
    assert errors({"source": {}}) == ["'type' is a required property"]
    assert errors({"source": {"type": "nfs", "server": "x"}, "number": "a"}) == []


def test_hovering_shows_unit_default_and_example() -> None:
    hover = SMALL["definitions"]["Local"]["properties"]["path"]["markdownDescription"]
    assert hover == "Path.\n\nUnit: none\n\nDefault: `/srv`\n\nExample: `/data`"


def test_no_default_tells_of_null() -> None:
    assert "null" not in json.dumps(_defaults(SCHEMA))


def _defaults(part: Any) -> list[Any]:
    if isinstance(part, dict):
        own = [part["default"]] if "default" in part and "description" in part else []
        return own + [item for below in part.values() for item in _defaults(below)]
    return [item for below in part for item in _defaults(below)] if isinstance(part, list) else []


def test_every_key_of_a_profile_has_a_description() -> None:
    for name, part in {"Profile": SCHEMA, **SCHEMA["definitions"]}.items():
        for key, below in part.get("properties", {}).items():
            there = resolve(below, SCHEMA["definitions"])
            assert "description" in there or key == "type", f"{name}.{key}"
