"""A small TOML reader that knows where each value stands (hosts with Python 3.9 have no tomllib).

It reads what containerd's files contain; dates are the one thing it refuses. Positions let edit.py change one
value and leave every other byte, comments included, as it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

Path = tuple[str, ...]

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_SPACE = re.compile(r"[ \t]*")
_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_NUMBER = re.compile(
    r"[+-]?(?:0x[0-9A-Fa-f_]+|0o[0-7_]+|0b[01_]+|(?:inf|nan)|\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][+-]?\d+)?)"
)
_ESCAPES = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", '"': '"', "\\": "\\"}


class TomlError(ValueError):
    """Not TOML, or more of it than this reader knows; the message has the line."""


@dataclass
class Table:
    """A `[header]`: where its body begins and where the last line of it that says something ends."""

    path: Path
    start: int
    end: int


@dataclass
class Document:
    """Values, and where they stand in `text`: offsets of each value, and the tables in order."""

    text: str
    values: dict[str, Any] = field(default_factory=dict)
    spans: dict[Path, tuple[int, int]] = field(default_factory=dict)
    tables: list[Table] = field(default_factory=list)

    def get(self, path: Path, default: Any = None) -> Any:
        """The value at a path of keys."""
        value: Any = self.values
        for key in path:
            if not isinstance(value, dict) or key not in value:
                return default
            value = value[key]
        return value


def parse(text: str) -> Document:
    """Read a document; TomlError when it is not one."""
    return _Reader(text).document()


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.result = Document(text)

    def document(self) -> Document:
        table = Table((), 0, 0)
        self.result.tables.append(table)
        target = self.result.values
        while self._skip(_BLANK) < len(self.text):
            if self.text.startswith("[[", self.at):
                table, target = self._header("[[", "]]")
            elif self.text[self.at] == "[":
                table, target = self._header("[", "]")
            else:
                self._pair(target, table.path, spans=True)
            self._line_end()
            table.end = self.at
        return self.result

    def _header(self, opening: str, closing: str) -> tuple[Table, dict[str, Any]]:
        self.at += len(opening)
        path = self._keys()
        self._expect(closing)
        target = self._descend(self.result.values, path[:-1] if opening == "[[" else path)
        if opening == "[[":
            items = target.setdefault(path[-1], [])
            if not isinstance(items, list):
                raise self._error(f"{path[-1]} is not an array of tables")
            items.append({})
            target = items[-1]
        table = Table(path, self.at, self.at)
        if opening == "[" and any(other.path == path for other in self.result.tables[1:]):
            raise self._error(f"table {'.'.join(path)} is there twice")
        self.result.tables.append(table)
        return table, target

    def _pair(self, target: dict[str, Any], prefix: Path, *, spans: bool) -> None:
        keys = self._keys()
        self._expect("=")
        self._skip(_SPACE)
        start = self.at
        value = self._value()
        holder = self._descend(target, keys[:-1])
        if keys[-1] in holder:
            raise self._error(f"key {'.'.join(keys)} is there twice")
        holder[keys[-1]] = value
        if spans:
            self.result.spans[(*prefix, *keys)] = (start, self.at)

    def _keys(self) -> Path:
        keys = []
        while True:
            self._skip(_SPACE)
            if self.text[self.at : self.at + 1] in ('"', "'"):
                keys.append(self._string())
            else:
                match = _BARE.match(self.text, self.at)
                if not match:
                    raise self._error("a key was expected")
                keys.append(match.group())
                self.at = match.end()
            self._skip(_SPACE)
            if self.text[self.at : self.at + 1] != ".":
                return tuple(keys)
            self.at += 1

    def _value(self) -> Any:
        first = self.text[self.at : self.at + 1]
        if first in ('"', "'"):
            return self._string()
        if first == "[":
            return self._array()
        if first == "{":
            return self._inline()
        for word, value in (("true", True), ("false", False)):
            if self.text.startswith(word, self.at):
                self.at += len(word)
                return value
        return self._number()

    def _number(self) -> Any:
        match = _NUMBER.match(self.text, self.at)
        if not match or self.text[match.end() : match.end() + 1] in ("-", ":"):
            raise self._error("a value was expected (dates are not supported)")
        self.at = match.end()
        digits = match.group().replace("_", "")
        try:
            return int(digits, 0) if re.fullmatch(r"[+-]?(0[xob].*|[1-9]\d*|0)", digits) else float(digits)
        except ValueError:
            raise self._error(f"{digits} is not a number") from None

    def _string(self) -> str:
        quote = self.text[self.at]
        if self.text.startswith(quote * 3, self.at):
            return self._long_string(quote)
        end = self.at + 1
        while self.text[end : end + 1] != quote:
            if self.text[end : end + 1] in ("", "\n"):
                raise self._error("a string does not end on its line")
            end += 2 if quote == '"' and self.text[end] == "\\" else 1
        raw = self.text[self.at + 1 : end]
        self.at = end + 1
        return self._unescape(raw) if quote == '"' else raw

    def _long_string(self, quote: str) -> str:
        start = self.at + 3
        end = self.text.find(quote * 3, start)
        while quote == '"' and end > 0 and self.text[end - 1] == "\\" and self.text[end - 2] != "\\":
            end = self.text.find(quote * 3, end + 1)
        if end < 0:
            raise self._error("a long string has no end")
        while self.text.startswith(quote, end + 3):
            end += 1
        self.at = end + 3
        raw = self.text[start:end].replace("\r\n", "\n")
        raw = raw[1:] if raw.startswith("\n") else raw
        if quote == "'":
            return raw
        return self._unescape(re.sub(r"\\[ \t]*\n\s*", "", raw))

    def _unescape(self, raw: str) -> str:
        def one(match: re.Match[str]) -> str:
            sign = match.group(1)
            if sign[0] in "uU":
                return chr(int(sign[1:], 16))
            if sign not in _ESCAPES:
                raise self._error(f"unknown escape \\{sign}")
            return _ESCAPES[sign]

        return re.sub(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)", one, raw)

    def _array(self) -> list[Any]:
        self.at += 1
        items: list[Any] = []
        while True:
            self._skip(_BLANK)
            if self.text.startswith("]", self.at):
                self.at += 1
                return items
            items.append(self._value())
            self._skip(_BLANK)
            if not self.text.startswith("]", self.at):
                self._expect(",")

    def _inline(self) -> dict[str, Any]:
        self.at += 1
        found: dict[str, Any] = {}
        while True:
            self._skip(_BLANK)
            if self.text.startswith("}", self.at):
                self.at += 1
                return found
            self._pair(found, (), spans=False)
            self._skip(_BLANK)
            if not self.text.startswith("}", self.at):
                self._expect(",")

    def _descend(self, target: dict[str, Any], path: Path) -> dict[str, Any]:
        for key in path:
            value = target.setdefault(key, {})
            value = value[-1] if isinstance(value, list) and value and isinstance(value[-1], dict) else value
            if not isinstance(value, dict):
                raise self._error(f"{key} is a value and a table")
            target = value
        return target

    def _skip(self, pattern: re.Pattern[str]) -> int:
        match = pattern.match(self.text, self.at)
        self.at = match.end() if match else self.at
        return self.at

    def _expect(self, sign: str) -> None:
        self._skip(_SPACE)
        if not self.text.startswith(sign, self.at):
            raise self._error(f"{sign} was expected")
        self.at += len(sign)

    def _line_end(self) -> None:
        match = re.compile(r"[ \t]*(?:#[^\n]*)?(?:\r?\n|$)").match(self.text, self.at)
        if not match:
            raise self._error("the line should end here")
        self.at = match.end()

    def _error(self, message: str) -> TomlError:
        line = self.text.count("\n", 0, self.at) + 1
        return TomlError(f"line {line}: {message}")
