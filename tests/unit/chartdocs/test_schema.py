"""The schema of a chart's values: closed, draft-07, on its own, without null."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pytest
from jsonschema import Draft7Validator

from generator.chartdocs.schema import draft07, prefixed, values_schema
from generator.components.base import ChartValues
from generator.model import Model, doc
from generator.output.plan import is_marked
from generator.quantities import Cpu
from tests.render.samples import Sampler, typos


class Group(Model):
    """A group."""

    must: Annotated[str, doc("Must be there.")]
    cpu: Annotated[Cpu, doc("CPU of each.", unit="cores", example="500m")] = "1"
    mode: Annotated[Literal["", "a", "b"], doc("How.")] = ""


Name = Annotated[str, doc("A name.", pattern=r"^[a-z]+$")]


class Values(ChartValues):
    groups: Annotated[dict[Name, Group], doc("Groups.", example={"zoo": {"must": "x", "cpu": 2}})] = {}
    one: Annotated[Group, doc("One group.")] = Group(must="default", mode="b")
    default: Annotated[dict[str, str], doc("A key that is a word of JSON Schema.")] = {}
    pod_cidr: Annotated[str, doc("Network.", alias="podCIDR")] = ""


SCHEMA = values_schema(Values, "generator/x.py", "demo", "A demo.")
VALIDATOR = Draft7Validator(SCHEMA)


def test_it_is_draft_07_with_the_mark_as_its_first_key() -> None:
    Draft7Validator.check_schema(SCHEMA)
    assert list(SCHEMA)[:3] == ["$comment", "$schema", "title"]
    assert is_marked(f'{{\n  "$comment": "{SCHEMA["$comment"]}"'.encode())


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"enabled": True, "global": {"imageRegistry": "x"}},
        {"groups": {"zoo": {"must": "x", "cpu": 2}}},
        {"groups": {"zoo": {"must": "x", "cpu": "500m"}}},
        {"default": {"anything": "goes"}, "podCIDR": "10.0.0.0/8"},
    ],
)
def test_good_values_pass(values: dict[str, Any]) -> None:
    assert list(VALIDATOR.iter_errors(values)) == []


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"enabled": "true"}, "'true' is not of type 'boolean'"),
        ({"grops": {}}, "'grops' was unexpected"),
        ({"pod_cidr": ""}, "'pod_cidr' was unexpected"),
        ({"one": {"cpus": 1}}, "'cpus' was unexpected"),
        ({"global": {"gpu": {"name": "x"}}}, "'name' was unexpected"),
        ({"groups": {"zoo": {}}}, "'must' is a required property"),
        ({"groups": {"Zoo": {"must": "x"}}}, "does not match"),
        ({"groups": {"zoo": {"must": "x", "cpu": "4 cores"}}}, "does not match"),
        ({"one": {"mode": "c"}}, "is not one of"),
        ({"one": None}, "None is not of type 'object'"),
    ],
)
def test_wrong_values_are_refused(values: dict[str, Any], message: str) -> None:
    assert message in " ".join(error.message for error in VALIDATOR.iter_errors(values))


def test_examples_keep_the_order_they_were_written_in() -> None:
    assert list(SCHEMA["properties"]["groups"]["examples"][0]["zoo"]) == ["must", "cpu"]


def test_nothing_may_be_null() -> None:
    class Nullable(ChartValues):
        name: str | None = None

    with pytest.raises(ValueError, match="null"):
        draft07(Nullable)


def test_definitions_of_two_charts_do_not_meet_in_the_umbrella() -> None:
    whole = prefixed(draft07(Values), "demo", frozenset({"Global"}))
    assert "demo.Group" in whole["definitions"]
    assert "Global" in whole["definitions"]
    assert whole["properties"]["one"]["$ref"] == "#/definitions/demo.Group"
    assert Draft7Validator(whole).is_valid({"one": {"must": "x"}})


def test_the_sampler_makes_valid_values_for_each_key() -> None:
    makes = Sampler(draft07(Values))
    whole = makes.whole()
    assert makes.is_valid(makes.schema["properties"]["one"], whole["one"])
    assert set(whole["groups"]["sample"]) == {"must", "cpu", "mode"}
    mode = makes.schema["definitions"]["Group"]["properties"]["mode"]
    assert list(makes.others(mode, "b"))[:2] == ["", "a"]


def test_typos_are_one_letter_away() -> None:
    assert {"cp", "cpuu", "cup", "cpx", "Cpu"} <= set(typos("cpu"))
    assert "cpu" not in typos("cpu")
