"""What an unquoted YAML word means, and which words two YAML versions read differently.

YAML 1.1 (PyYAML, older tools) and YAML 1.2 disagree on words such as `no`, `010` or `12:30:45`.
A profile is read by people, so such a word is refused: quoted it is text, and each number has a plain form.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass

Scalar = str | int | float | bool | None


@dataclass(frozen=True)
class Fault:
    """Why an unquoted word is refused; `message` starts with what follows the quoted word."""

    code: str
    message: str
    hint: str


@dataclass(frozen=True)
class Resolved:
    """The value of a word; with a fault, the value is the likeliest meaning."""

    value: Scalar
    fault: Fault | None = None


_LONGEST_SPECIAL = 100
"""Longer words are text; the bound also keeps the patterns below from backtracking over a whole file."""

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_TRUE = frozenset({"true", "True", "TRUE"})
_FALSE = frozenset({"false", "False", "FALSE"})
_OLD_TRUE = frozenset({"y", "yes", "on"})
_OLD_FALSE = frozenset({"n", "no", "off"})

_INTEGER = re.compile(r"[-+]?(0|[1-9]\d{0,17})", re.ASCII)
_DECIMAL = re.compile(r"[-+]?(\d{1,18}\.\d{0,30}|\.\d{1,30})", re.ASCII)
_MAYBE_SPECIAL = re.compile(r"[-+.\dyYnNoOiItT~fF]", re.ASCII)
_NOT_A_NUMBER = re.compile(r"[-+]?\.?(inf|infinity|nan)", re.ASCII | re.IGNORECASE)
_DATE = re.compile(r"\d{4}-\d\d?-\d\d?([Tt\s].*)?", re.ASCII | re.DOTALL)
_AMBIGUOUS: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(r"[-+]?\d[\d_]*(:[0-5]?\d)+(\.[\d_]*)?", re.ASCII),
        "a base-60 number in YAML 1.1 and text in YAML 1.2",
    ),
    (re.compile(r"[-+]?0o[0-7_]+", re.ASCII), "text in YAML 1.1 and an octal number in YAML 1.2"),
    (re.compile(r"[-+]?0[\d_]+", re.ASCII), "an octal number in YAML 1.1 and a decimal one in YAML 1.2"),
    (
        re.compile(r"[-+]?(\d[\d_]*\.?[\d_]*|\.\d[\d_]*)[eE][-+]?\d+", re.ASCII),
        "text to some tools, a number to others",
    ),
    (re.compile(r"[-+]?0x[\da-fA-F_]+", re.ASCII), "a hexadecimal number, which is easily taken for text"),
    (re.compile(r"[-+]?0b[01_]+", re.ASCII), "a binary number in YAML 1.1 and text in YAML 1.2"),
    (re.compile(r"[-+]?\d[\d_]*_[\d_]*(\.[\d_]*)?", re.ASCII), "a number in YAML 1.1 and text in YAML 1.2"),
    (re.compile(r"[-+]?\d{19,}", re.ASCII), "a number too long to be read exactly"),
    (re.compile(r"[-+]?\d*\.\d{18,}|[-+]?\d{19,}\.\d*", re.ASCII), "a number too long to be read exactly"),
)


def resolve(word: str) -> Resolved:
    """The value of an unquoted `word`; text unless it has another meaning."""
    if word in _NULL:
        return Resolved(None)
    if len(word) > _LONGEST_SPECIAL or not _MAYBE_SPECIAL.match(word):
        return Resolved(word)
    for meaning in _MEANINGS:
        found = meaning(word)
        if found is not None:
            return found
    return Resolved(word)


def quoted(word: str) -> str:
    """`word` as a double-quoted YAML text."""
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _boolean(word: str) -> Resolved | None:
    if word in _TRUE or word in _FALSE:
        return Resolved(word in _TRUE)
    lower = word.lower()
    if lower not in _OLD_TRUE | _OLD_FALSE:
        return None
    value = lower in _OLD_TRUE
    hint = f"write {str(value).lower()}, or {quoted(word)} in quotes if text is meant"
    return Resolved(value, Fault("Y010", "means true/false to some YAML tools and text to others", hint))


def _number(word: str) -> Resolved | None:
    if _INTEGER.fullmatch(word):
        return Resolved(int(word))
    return Resolved(float(word)) if _DECIMAL.fullmatch(word) else None


def _not_a_number(word: str) -> Resolved | None:
    if not _NOT_A_NUMBER.fullmatch(word):
        return None
    hint = f"write a plain number, or {quoted(word)} in quotes if text is meant"
    value = math.nan if "nan" in word.lower() else math.inf
    return Resolved(value, Fault("Y017", "is not a usable number", hint))


def _date(word: str) -> Resolved | None:
    if not _DATE.fullmatch(word):
        return None
    hint = f"put it in quotes: {quoted(word)}"
    return Resolved(word, Fault("Y012", "is a date in YAML 1.1 and text in YAML 1.2", hint))


def _ambiguous(word: str) -> Resolved | None:
    for pattern, meaning in _AMBIGUOUS:
        if pattern.fullmatch(word):
            hint = f"put it in quotes if text is meant: {quoted(word)}; or write a plain decimal number"
            return Resolved(word, Fault("Y011", f"is {meaning}", hint))
    return None


_MEANINGS: tuple[Callable[[str], Resolved | None], ...] = (
    _boolean,
    _number,
    _not_a_number,
    _date,
    _ambiguous,
)
