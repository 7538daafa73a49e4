"""What pydantic found, in the words of somebody who writes YAML."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from generator.diagnostics.secrets import is_secret_path, shown
from generator.profile.structure_types import container, is_model, literals, union_members
from generator.profile.yaml_document import Path

_KINDS: Mapping[type | None, str] = {
    str: "text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    list: "a list",
    dict: "a block of keys",
}

_EXPECTED_BY_PREFIX: tuple[tuple[str, str], ...] = (
    ("string_", "text"),
    ("int_", "a whole number"),
    ("float_", "a number"),
    ("decimal_", "a number"),
    ("complex_", "a number"),
    ("bool_", "true or false"),
    ("list_", "a list"),
    ("tuple_", "a list"),
    ("set_", "a list"),
    ("frozen_set_", "a list"),
    ("iterable_", "a list"),
    ("dict_", "a block of keys"),
    ("mapping_", "a block of keys"),
    ("model_", "a block of keys"),
    ("dataclass_", "a block of keys"),
    ("none_required", "nothing"),
    ("bytes_", "text"),
)

# What follows "<path>: <value> ".
_NOT_ALLOWED: Mapping[str, str] = {
    "greater_than": "is too small: it must be more than {gt}",
    "greater_than_equal": "is too small: at least {ge}",
    "less_than": "is too large: it must be less than {lt}",
    "less_than_equal": "is too large: at most {le}",
    "multiple_of": "is not a multiple of {multiple_of}",
    "finite_number": "is not a usable number",
    "string_too_short": "is too short: at least {min_length} characters",
    "string_too_long": "is too long: at most {max_length} characters",
    "string_pattern_mismatch": "does not have the form {pattern}",
    "string_unicode": "holds characters that cannot be used",
    "bytes_too_short": "is too short",
    "bytes_too_long": "is too long",
    "too_short": "is too short: at least {min_length} entries",
    "too_long": "is too long: at most {max_length} entries",
    "ip_v4_address": "is not an IPv4 address",
    "ip_v6_address": "is not an IPv6 address",
    "ip_any_address": "is not an IP address",
    "ip_v4_network": "is not an IPv4 network such as 10.0.0.0/16",
    "ip_v6_network": "is not an IPv6 network such as fd00::/64",
    "ip_any_network": "is not a network such as 10.0.0.0/16",
}
_NOT_ALLOWED_BY_PREFIX: tuple[tuple[str, str], ...] = (
    ("url_", "is not a URL"),
    ("uuid_", "is not a UUID"),
    ("datetime_", "is not a date with time"),
    ("timezone_", "is not a date with time"),
    ("date_", "is not a date"),
    ("time_", "is not a time"),
)


def expected_by(error_type: str) -> str:
    """The kind of value that a type error asks for, "" if it is not a type error."""
    if error_type in _NOT_ALLOWED:
        return ""
    return next((words for prefix, words in _EXPECTED_BY_PREFIX if error_type.startswith(prefix)), "")


def not_allowed(error_type: str, context: Mapping[str, Any]) -> str:
    """Why a value of the right kind is refused, to follow the value."""
    template = _NOT_ALLOWED.get(error_type) or next(
        (words for prefix, words in _NOT_ALLOWED_BY_PREFIX if error_type.startswith(prefix)), ""
    )
    try:
        return template.format(**context) if template else "is not a valid value here"
    except KeyError:
        return "is not a valid value here"


def expected_kind(kind: Any) -> str:
    """The kind of value that a type stands for: "a list of text", "one of a, b"."""
    if members := union_members(kind):
        return join_or(dict.fromkeys(expected_kind(member) for member in members))
    if options := literals(kind):
        return f"one of {join_or(plain(option) for option in options)}"
    item = get_args(kind)
    words = _KINDS.get(container(kind), "another kind of value")
    if container(kind) is list and item and container(item[0]) in (str, int, float):
        return f"{words} of {'text' if container(item[0]) is str else 'numbers'}"
    return words


def example_of(kind: Any) -> str:
    """A block that shows how such a value is written, "" if a word is enough."""
    return "written below it and indented" if is_model(kind) or container(kind) is dict else ""


def found(value: Any, path: Path) -> str:
    """What stands in the file: kind and, where it is short and no secret, the value."""
    if isinstance(value, dict):
        return "a block of keys" if value else "an empty block {}"
    if isinstance(value, list):
        return "a list" if value else "an empty list []"
    if value is None:
        return "nothing"
    if is_secret_path(path):
        return "a hidden value"
    if isinstance(value, str):
        return f'text "{shown(value)}"' if value else "empty text"
    return plain(value) if isinstance(value, bool) else f"the number {plain(value)}"


def plain(value: Any) -> str:
    """A scalar as it is written in YAML."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return shown("null" if value is None else str(value))


def join_or(words: Any) -> str:
    """`a, b or c`."""
    parts = list(words)
    return " or ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)
