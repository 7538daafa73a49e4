"""Errors of any pydantic model in the words of the file."""

from enum import Enum
from typing import Annotated, Any, Literal, Self, get_args

import pytest
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError
from pydantic_core.core_schema import ErrorType

from generator.diagnostics import Diagnostic
from generator.profile.loader import load
from generator.profile.structure import structure_diagnostics
from generator.profile.structure_words import expected_by, not_allowed


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=to_camel)


class _Role(Enum):
    WORKER = "worker"
    CONTROL = "control-plane"


class _Node(_Model):
    name: str = Field(min_length=2, pattern="^[a-z]+$")
    address: str = Field(description="Its IPv4 address.", examples=["192.168.11.10"])
    cpu: int | None = Field(default=None, ge=1)
    role: _Role = _Role.WORKER
    is_schedulable: bool = True


class _Nfs(_Model):
    type: Literal["nfs"]
    server: str


class _Local(_Model):
    type: Literal["local"]
    path: str


class _Http(_Model):
    url: str
    timeout: int = 1


class _File(_Model):
    file: str


class _Lab(_Model):
    name: str
    version: Literal["1.34", "1.35"] = "1.34"
    nodes: list[_Node] = []
    classes: dict[str, Annotated[_Nfs | _Local, Field(discriminator="type")]] = {}
    probe: _Http | _File | None = None
    command: str | list[str] = ""
    settings: dict[str, str | int] = {}
    password: SecretStr | None = None

    @field_validator("command")
    @classmethod
    def _no_shell(cls, value: Any) -> Any:
        if value == "sh":
            raise ValueError("a shell is not a command")
        return value

    @model_validator(mode="after")
    def _named(self) -> Self:
        if self.name == "bad":
            raise PydanticCustomError(
                "S007", "{name} is taken", {"name": self.name, "hint": "take another", "at": "name"}
            )
        return self


def _diagnostics(text: str) -> list[Diagnostic]:
    tree = load("p.yaml", text.encode()).tree
    assert tree
    with pytest.raises(ValidationError) as caught:
        _Lab.model_validate(tree.value)
    return list(structure_diagnostics(tree, caught.value, _Lab))


_NODE = "name: kitt, address: 1.2.3.4"


@pytest.mark.parametrize(
    ("text", "code", "column", "message", "hint"),
    [
        ("{name: a, nam: b}", "S001", 11, 'unknown key "nam"', "did you mean name?"),
        (
            "{name: a, nodes: [{NODE, isschedulable: true}]}",
            "S001",
            50,
            "in nodes[0]",
            "isSchedulable?",
        ),
        ("{name: a, xyzzy: b}", "S001", 11, 'unknown key "xyzzy"', "the keys here are name, version, nodes"),
        ("{nodes: []}", "S002", 1, 'the profile has no "name"', "add name:"),
        (
            "{name: a, nodes: [{name: kitt}]}",
            "S002",
            19,
            'nodes[0] has no "address"',
            "192.168.11.10 (Its IPv4",
        ),
        ("{name: a, nodes: {a: b}}", "S003", 18, "nodes: expected a list, found a block", "dash"),
        (
            "{name: a, nodes: [kitt]}",
            "S003",
            19,
            'nodes[0]: expected a block of keys, found text "kitt"',
            "- {name: ...",
        ),
        ("{name: a, nodes: [{NODE, cpu: many}]}", "S003", 55, 'a whole number, found text "many"', ""),
        (
            "{name: a, nodes: [{NODE, isSchedulable: 7}]}",
            "S003",
            65,
            "true or false, found the number 7",
            "",
        ),
        ("{name: 1.30}", "S003", 8, "name: expected text, found the number 1.3", '"1.30"'),
        ("{name: }", "S003", 2, "expected text, found nothing", "write a value"),
        ("{name: a, nodes: [{NODE, cpu: 0}]}", "S004", 55, "0 is too small: at least 1", ""),
        ("{name: a, nodes: [{name: k, address: x}]}", "S004", 26, '"k" is too short: at least 2', ""),
        ("{name: a, nodes: [{name: KITT, address: x}]}", "S004", 26, "does not have the form ^[a-z]+$", ""),
        (
            "{name: a, nodes: [{NODE, role: master}]}",
            "S004",
            56,
            "use worker or control-plane",
            "control-plane?",
        ),
        ("{name: a, version: 1.35}", "S004", 20, "1.35 is not known; use 1.34 or 1.35", '"1.35"'),
        ("{name: a, classes: {x: {type: nsf}}}", "S005", 31, '"nsf" is not known; use nfs or local', "nfs?"),
        ("{name: a, classes: {x: {server: y}}}", "S005", 21, 'has no "type"', "add type: nfs or local"),
        ("{name: a, classes: {x: {type: nfs}}}", "S002", 21, 'classes.x has no "server"', "add server:"),
        ("{name: a, probe: {url: x, timeout: z}}", "S003", 36, "probe.timeout: expected a whole number", ""),
        ("{name: a, probe: {file: x, mode: z}}", "S001", 28, 'unknown key "mode" in probe', "file"),
        ("{name: a, probe: 5}", "S003", 18, "probe: expected a block of keys, found the number 5", ""),
        ("{name: a, command: {b: c}}", "S003", 20, "expected text or a list of text, found a block", ""),
        ("{name: a, command: [b, 5]}", "S003", 24, "command[1]: expected text, found the number 5", '"5"'),
        ("{name: a, settings: {x: [1]}}", "S003", 25, "settings.x: expected text or a whole number", ""),
        ("{name: a, command: sh}", "S004", 20, "command: a shell is not a command", ""),
        ("{name: bad}", "S007", 8, "bad is taken", "take another"),
    ],
)
def test_one_error(text: str, code: str, column: int, message: str, hint: str) -> None:
    (diagnostic,) = _diagnostics(text.replace("NODE", _NODE))
    assert message in diagnostic.message
    assert hint in diagnostic.hint
    assert (diagnostic.code, diagnostic.span.line, diagnostic.span.column) == (code, 1, column)


def test_all_errors_at_once_in_order_of_the_file() -> None:
    found = _diagnostics("nodes:\n  - {name: x, address: 1}\n  - {}\nfoo: 1\n")
    assert [(d.code, d.span.line) for d in found] == [
        ("S002", 1), ("S004", 2), ("S003", 2), ("S002", 3), ("S002", 3), ("S001", 4)
    ]  # fmt: skip


def test_a_misspelt_key_is_not_also_missing() -> None:
    assert [d.code for d in _diagnostics("{name: a, nodes: [{name: kitt, adress: x}]}")] == ["S001"]


def test_what_the_loader_reported_is_not_said_twice() -> None:
    assert _diagnostics("name: no\n") == []


def test_long_values_are_cut() -> None:
    (diagnostic,) = _diagnostics(f"name: a\nversion: {'x' * 500}\n")
    assert len(diagnostic.message) < 150


def test_secret_values_are_not_shown() -> None:
    token = "ghp_" + "a1B2" * 9
    found = _diagnostics(f"name: a\npassword: 12345678\nversion: {token}\n")
    assert len(found) == 2
    assert not any(secret in d.message + d.hint for d in found for secret in ("12345678", token))


def test_every_error_of_pydantic_has_plain_words() -> None:
    for error_type in get_args(ErrorType):
        words = expected_by(error_type) or not_allowed(error_type, {})
        assert words
        assert not any(jargon in words for jargon in ("Input", "pydantic", "instance", "dict", "http"))
