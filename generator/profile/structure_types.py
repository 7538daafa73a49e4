"""Follows the location of a pydantic error through a model's types to a path of the file.

A location names the branch of a union besides keys and indexes; a path of the file must not.
"""

from __future__ import annotations

import re
import types
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, RootModel
from pydantic.fields import FieldInfo

from generator.profile.yaml_document import Path

Loc = tuple[str | int, ...]
_WRAPPERS = re.compile(r"(function-\w+\[[^,]*, |constrained-|nullable\[|lax-or-strict\[|json-or-python\[)+")


@dataclass(frozen=True)
class Choice:
    """A union on the way: where it is, the branch that the location took, all its branches."""

    prefix: Loc
    label: str | int
    path: Path
    members: tuple[Any, ...]


@dataclass(frozen=True)
class Located:
    """A path of the file, the type wanted there, the field and model that hold it, and unions on the way."""

    path: Path
    kind: Any
    field: FieldInfo | None
    parent: Any
    choices: tuple[Choice, ...]
    is_key: bool = False


def locate(model: Any, loc: Loc, value: Any) -> Located:
    """Follow `loc` from `model`; `value` is the plain data of the file."""
    kind, parent, info = bare(model), None, None
    here: Path = ()
    choices: list[Choice] = []
    for index, step in enumerate(loc):
        if step == "[key]" and index == len(loc) - 1:
            return Located(here, kind, None, parent, tuple(choices), is_key=True)
        members = union_members(kind)
        if members:
            choices.append(Choice(loc[:index], step, here, members))
            kind = bare(next((member for member in members if label_fits(member, step)), Any))
            continue
        if kind is Any and not _holds(value, step):
            continue  # the label of a validator or of a type that is not looked into
        parent = kind
        kind, info, step = _child(kind, step, value)
        here, value = (*here, step), _get(value, step)
    return Located(here, kind, info, parent, tuple(choices))


def bare(kind: Any) -> Any:
    """A type without Annotated, Optional, type aliases and root models."""
    while True:
        if get_origin(kind) is Annotated:
            kind = get_args(kind)[0]
        elif hasattr(kind, "__value__"):
            kind = kind.__value__
        elif isinstance(kind, type) and issubclass(kind, RootModel):
            kind = kind.model_fields["root"].annotation
        elif _is_union(kind) and len(_without_none(kind)) == 1:
            kind = _without_none(kind)[0]
        else:
            return kind


def union_members(kind: Any) -> tuple[Any, ...]:
    """The branches of a union, () for any other type."""
    return tuple(bare(member) for member in _without_none(kind)) if _is_union(kind) else ()


def is_model(kind: Any) -> bool:
    """Whether `kind` is a model with fields."""
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def aliases(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """The keys of a model as they stand in a file, with their fields."""
    return {alias(name, info): info for name, info in model.model_fields.items()}


def alias(name: str, info: FieldInfo) -> str:
    """The key of a field in a file."""
    return info.validation_alias if isinstance(info.validation_alias, str) else info.alias or name


def literals(kind: Any) -> tuple[Any, ...]:
    """The allowed values of a Literal or an Enum, () for any other type."""
    if get_origin(kind) is Literal:
        return get_args(kind)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return tuple(member.value for member in kind)
    return ()


def container(kind: Any) -> type | None:
    """`dict`, `list` or a scalar type as which a value of this type is written in a file; None if open."""
    if is_model(kind):
        return dict
    origin = get_origin(kind) or kind
    if not isinstance(origin, type):
        return type(literals(kind)[0]) if literals(kind) else None
    for plain, kinds in ((str, (str, Enum)), (dict, (Mapping,)), (list, (Sequence, set, frozenset))):
        if issubclass(origin, kinds):
            return plain
    return origin if origin in (bool, int, float) else None


def label_fits(member: Any, label: str | int) -> bool:
    """Whether pydantic calls this branch of a union `label` (a model's name, a tag, `list[str]`)."""
    inner = _WRAPPERS.sub("", str(label))
    if is_model(member):
        tags = {value for info in member.model_fields.values() for value in literals(bare(info.annotation))}
        return label in tags or inner.startswith(member.__name__)
    if literals(member):
        return inner.startswith(("literal[", "enum"))
    origin = get_origin(member) or member
    return inner.startswith(str(getattr(origin, "__name__", origin)))


def _child(kind: Any, step: str | int, value: Any) -> tuple[Any, FieldInfo | None, str | int]:
    if is_model(kind):
        for name, info in kind.model_fields.items():
            if step in (alias(name, info), name):
                return bare(info.annotation), info, name if _holds(value, name) else step
        return Any, None, step
    args = [arg for arg in get_args(kind) if arg is not Ellipsis]
    if container(kind) is dict:
        return bare(args[1]) if len(args) == 2 else Any, None, step
    if container(kind) is list and args:
        return bare(args[step] if isinstance(step, int) and step < len(args) > 1 else args[0]), None, step
    return Any, None, step


def _is_union(kind: Any) -> bool:
    return get_origin(kind) in (Union, types.UnionType)


def _without_none(kind: Any) -> tuple[Any, ...]:
    return tuple(arg for arg in get_args(kind) if arg is not type(None))


def _holds(value: Any, step: str | int) -> bool:
    if isinstance(value, dict):
        return step in value
    return isinstance(value, list) and isinstance(step, int) and step < len(value)


def _get(value: Any, step: str | int) -> Any:
    return value[step] if _holds(value, step) else None
