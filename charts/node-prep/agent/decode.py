"""JSON to the dataclasses of settings.py, collecting every fault instead of stopping at the first."""

from __future__ import annotations

import dataclasses
import difflib
import re
from collections.abc import Mapping
from typing import Any, Callable, Literal, get_args, get_origin, get_type_hints


def camel(name: str) -> str:
    """`free_gib` is `freeGib` in the file."""
    head, *rest = name.split("_")
    return head + "".join(part.title() for part in rest)


class Decoder:
    """Turns plain JSON values into typed ones; `faults` has what did not fit, each with its path."""

    def __init__(self) -> None:
        self.faults: list[str] = []

    def decode(self, wanted: Any, value: Any, path: str) -> Any:
        """`value` as `wanted`, or None after noting a fault."""
        if dataclasses.is_dataclass(wanted) and isinstance(wanted, type):
            return self._record(wanted, value, path)
        kind = get_origin(wanted) or wanted
        return _READERS[kind](self, wanted, value, path)

    def fault(self, path: str, message: str) -> None:
        """Note a fault."""
        self.faults.append(f"{path or 'settings'}: {message}")

    def _record(self, wanted: type, value: Any, path: str) -> Any:
        if not isinstance(value, Mapping):
            return self.fault(path, "must be an object")
        hints = get_type_hints(wanted)
        fields = {camel(item.name): item for item in dataclasses.fields(wanted)}
        for key in value.keys() - fields.keys():
            near = difflib.get_close_matches(str(key), fields, n=1)
            self.fault(_join(path, str(key)), "unknown key" + (f", did you mean {near[0]}?" if near else ""))
        found = {}
        for key, item in fields.items():
            if key in value:
                found[item.name] = self.decode(hints[item.name], value[key], _join(path, key))
            elif item.default is dataclasses.MISSING and item.default_factory is dataclasses.MISSING:
                self.fault(_join(path, key), "is required")
                found[item.name] = None
        return wanted(**found)

    def _tuple(self, wanted: Any, value: Any, path: str) -> Any:
        if not isinstance(value, list):
            return self.fault(path, "must be a list")
        item = get_args(wanted)[0]
        return tuple(self.decode(item, each, f"{path}[{index}]") for index, each in enumerate(value))

    def _dict(self, wanted: Any, value: Any, path: str) -> Any:
        if not isinstance(value, Mapping):
            return self.fault(path, "must be an object")
        item = get_args(wanted)[1]
        return {str(key): self.decode(item, each, _join(path, str(key))) for key, each in value.items()}

    def _literal(self, wanted: Any, value: Any, path: str) -> Any:
        choices = get_args(wanted)
        if isinstance(value, bool) or value not in choices:
            return self.fault(path, f"must be one of {', '.join(map(str, choices))}, is {value!r}")
        return value

    def _boolean(self, _wanted: Any, value: Any, path: str) -> Any:
        return value if isinstance(value, bool) else self.fault(path, f"must be true or false, is {value!r}")

    def _integer(self, _wanted: Any, value: Any, path: str) -> Any:
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            return self.fault(path, f"must be a whole number from 0, is {value!r}")
        return value

    def _number(self, _wanted: Any, value: Any, path: str) -> Any:
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value < 0:
            return self.fault(path, f"must be a number from 0, is {value!r}")
        return float(value)

    def _string(self, _wanted: Any, value: Any, path: str) -> Any:
        if not isinstance(value, str):
            return self.fault(path, f"must be a string, is {value!r}")
        if re.search(r"[\x00-\x1f\x7f]", value):
            return self.fault(path, "must not contain control characters or line breaks")
        return value

    def _anything(self, _wanted: Any, value: Any, _path: str) -> Any:
        return value


_READERS: dict[Any, Callable[[Decoder, Any, Any, str], Any]] = {
    tuple: Decoder._tuple,
    dict: Decoder._dict,
    Literal: Decoder._literal,
    bool: Decoder._boolean,
    int: Decoder._integer,
    float: Decoder._number,
    str: Decoder._string,
    Any: Decoder._anything,
}


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key
