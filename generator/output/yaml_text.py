"""YAML text that machines and ct's linter read alike, and values without what the chart knows already.

libyaml writes it; what is ours is which strings are quoted, so that YAML 1.1 (Python, Helm) and 1.2 (editors)
read the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum
from typing import Any

import yaml
from pydantic.fields import FieldInfo

from generator.model import Model

try:
    from yaml import CSafeDumper as _BaseDumper
except ImportError:  # PyYAML built without libyaml: slower, the same text
    from yaml import SafeDumper as _BaseDumper  # type: ignore[assignment]

_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null", "~", "=", "<<", ""})
# What some reader takes for a number, a time in base 60 or a date: 0x1F 0o17 1_000 12:30 1e3 2026-01-31 .inf
_NUMBERISH = re.compile(
    r"[-+]?(0[xob][\da-f_]+|\d[\d_]*(:[0-5]?\d)+(\.\d*)?|(\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(e[-+]?\d+)?|\.?(inf|nan))"
    r"|\d{4}-\d\d?-\d\d?([t\s].*)?",
    re.IGNORECASE,
)
# A text, which `re` compiles when a value first needs it: that takes 5 ms.
_UNPRINTABLE = r"[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
_NO_LIMIT = 1 << 20


class _Dumper(_BaseDumper):
    """CSafeDumper with our quoting; no anchors, as Helm's users do not expect them."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        """Write a value out each time it occurs."""
        return True


def dump(data: Any, *, flow: bool = False) -> str:
    """Text of `data`: block style (or all on one line), keys in the order given, newline at the end."""
    text: str = yaml.dump(
        data,
        Dumper=_Dumper,
        default_flow_style=flow,
        sort_keys=False,
        allow_unicode=True,
        width=_NO_LIMIT,
    )
    return text


def scalar(value: str | int | float | bool) -> str:
    """One value as it stands behind a key."""
    return dump(value).removesuffix("...\n").rstrip("\n")


def _style(text: str) -> str | None:
    if not text.isprintable() and re.search(_UNPRINTABLE, text):
        return '"'
    if "\n" in text:
        return "|"
    return '"' if text.lower() in _WORDS or _NUMBERISH.fullmatch(text) else None


def _represent_str(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", str(text), style=_style(text))


_Dumper.add_multi_representer(str, _represent_str)
_Dumper.add_representer(str, _represent_str)


def dump_values(values: Model) -> dict[str, Any]:
    """The keys of `values` that differ from the chart's defaults, by their YAML names; `enabled` always.

    Helm puts the defaults of fixed sections back. It knows no defaults for the items of maps and lists, and a
    key that is set there may override an inherited one: items keep each key that was set.
    Raises ValueError for a null and for a missing key of a default map (only a null could remove that).
    """
    found = _differing(values, _defaults(type(values)))
    if "enabled" not in type(values).model_fields:
        return found
    return {"enabled": dict(values)["enabled"]} | {k: v for k, v in found.items() if k != "enabled"}


_MISSING = object()


def _defaults(model: type[Model]) -> dict[str, Any]:
    """Defaults by the fields' Python names; _MISSING for a required field."""
    return {name: _default(field) for name, field in model.model_fields.items()}


def _default(field: FieldInfo) -> Any:
    """Only looked at, so not copied as by pydantic's get_default: that took a quarter of each profile."""
    if field.is_required():
        return _MISSING
    return field.default if field.default_factory is None else field.get_default(call_default_factory=True)


def _differing(values: Model, defaults: Mapping[str, Any]) -> dict[str, Any]:
    """The part of a fixed section that differs from `defaults`, field by field."""
    out = {}
    for name, field in type(values).model_fields.items():
        value, default = getattr(values, name), defaults.get(name, _MISSING)
        if value != default:
            out[field.alias or name] = _difference(value, default, f"{type(values).__name__}.{name}")
    return out


def _difference(value: Any, default: Any, where: str) -> Any:
    if isinstance(value, Model) and type(value) is type(default):
        return _differing(value, dict(default))
    if isinstance(value, Mapping) and isinstance(default, Mapping):
        return _map_difference(value, default, where)
    return plain(value, where)


def _map_difference(value: Mapping[str, Any], default: Mapping[str, Any], where: str) -> dict[str, Any]:
    if gone := default.keys() - value.keys():
        raise ValueError(f"{where}: Helm merges maps, so the default {sorted(gone)} cannot be left out")
    return {
        str(key): _difference(item, default.get(key, _MISSING), f"{where}.{key}")
        for key, item in value.items()
        if item != default.get(key, _MISSING)
    }


def plain(value: Any, where: str = "values") -> Any:
    """`value` as YAML knows it; models keep the keys that were set or differ from their defaults.

    Raises ValueError for a null, TypeError for what YAML has no plain form of.
    """
    match value:
        case Model():
            return _item(value)
        case Enum():
            return value.value
        case bool() | int() | float():
            return value
        case str():
            return str(value)
        case Mapping():
            return {str(key): plain(item, f"{where}.{key}") for key, item in value.items()}
        case list() | tuple():
            return [plain(item, f"{where}[]") for item in value]
        case set() | frozenset():
            return sorted(plain(item, f"{where}[]") for item in value)
        case None:
            raise ValueError(f"{where}: values hold no null, an empty string or 0 means unset")
    raise TypeError(f"{where}: {type(value).__name__} has no plain form in YAML")


def _item(item: Model) -> dict[str, Any]:
    out = {}
    for name, field in type(item).model_fields.items():
        value = getattr(item, name)
        if name in item.model_fields_set or value != _default(field):
            out[field.alias or name] = plain(value, f"{type(item).__name__}.{name}")
    return out
