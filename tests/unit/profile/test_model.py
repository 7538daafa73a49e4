"""The contract of the profile: every field says what it is, and every example is true."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import yaml
from pydantic import TypeAdapter
from pydantic.fields import FieldInfo

from generator.checking import check_file
from generator.model import Model
from generator.profile.model import Profile
from generator.quantities import bytes_of, millicores
from generator.reference.profile import sections
from tests.conftest import ROOT


def _fields() -> Iterator[tuple[str, FieldInfo]]:
    for model in sections(Profile):
        for name, field in model.model_fields.items():
            yield f"{model.__name__}.{name}", field


FIELDS = dict(_fields())
_NEED_NO_EXAMPLE = ("type",)


@pytest.mark.parametrize("name", FIELDS)
def test_a_field_is_described(name: str) -> None:
    field = FIELDS[name]
    if name.endswith(".type"):
        return  # the discriminator of a union: its only value is its meaning
    assert field.description, name
    assert field.description.endswith((".", "?")), name


@pytest.mark.parametrize("name", [name for name, field in FIELDS.items() if field.examples])
def test_its_example_is_valid(name: str) -> None:
    field = FIELDS[name]
    adapter: TypeAdapter[object] = TypeAdapter(field.rebuild_annotation())
    for example in field.examples or ():
        adapter.validate_python(example)


@pytest.mark.parametrize("name", FIELDS)
def test_it_has_an_example_or_a_default_that_is_one(name: str) -> None:
    field = FIELDS[name]
    default = field.get_default(call_default_factory=True)
    told = field.examples or field.deprecated or name.endswith(".type")
    assert told or default not in (None, "", [], {}), name


def test_numbers_and_quantities_have_a_unit() -> None:
    for name, field in FIELDS.items():
        extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
        text = str(field.rebuild_annotation())
        quantity = "_cpu" in text or "_bytes" in text
        if quantity or field.annotation is int:
            plain = name.split(".")[1] in ("port", "lun")
            assert extra.get("x-unit") or plain, name


def test_the_sections_of_the_contract_are_all_there() -> None:
    wanted = (
        "cluster nodes gpu storage network auth teams monitoring dask jupyterhub kubeflow training nodePrep"
    )
    aliases = {field.alias for field in Profile.model_fields.values()}
    assert {*wanted.split(), "name", "overrides"} <= aliases


def test_minimal_has_at_most_ten_lines() -> None:
    assert len((ROOT / "profiles" / "minimal.yaml").read_text().splitlines()) <= 10


@pytest.mark.parametrize("path", sorted((ROOT / "profiles").glob("*.yaml")), ids=lambda path: str(path.stem))
def test_a_shipped_profile_is_without_fault_and_points_editors_at_the_schema(path) -> None:  # type: ignore[no-untyped-def]
    assert check_file(path, path.name).diagnostics == ()
    assert path.read_text().startswith("# yaml-language-server: $schema=../schemas/profile.schema.json\n")


def test_every_model_is_closed_and_frozen() -> None:
    for model in sections(Profile):
        assert issubclass(model, Model)
        assert model.model_config.get("extra") == "forbid"
        assert model.model_config.get("frozen")


@pytest.mark.parametrize(
    ("text", "amount"), [("1", 1000), ("500m", 500), ("0.5", 500), ("2.25", 2250), ("64", 64000)]
)
def test_cpu_is_read_as_kubernetes_reads_it(text: str, amount: int) -> None:
    assert millicores(text) == amount


@pytest.mark.parametrize(
    ("text", "amount"), [("1Ki", 1024), ("1k", 1000), ("1.5Gi", 3 * 2**29), ("100M", 10**8), ("7", 7)]
)
def test_bytes_are_read_as_kubernetes_reads_them(text: str, amount: int) -> None:
    assert bytes_of(text) == amount


def test_the_profile_round_trips_through_yaml() -> None:
    for path in (ROOT / "profiles").glob("*.yaml"):
        profile = Profile.model_validate(yaml.safe_load(path.read_text()))
        assert Profile.model_validate(profile.model_dump(exclude_unset=True)) == profile
