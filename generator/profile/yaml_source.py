"""From bytes to text: size, encoding and invisible characters, before the YAML parser sees anything."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from itertools import islice

from generator.diagnostics import Diagnostic, Severity, Span

MAX_BYTES = 1 << 20
"""A profile is a page or two; a megabyte is a wrong file, and parsing it would only cost time."""

_MAX_CHARACTERS_REPORTED = 20
_UTF16 = {codecs.BOM_UTF16_LE: "UTF-16 (little endian)", codecs.BOM_UTF16_BE: "UTF-16 (big endian)"}
_UTF32 = {codecs.BOM_UTF32_LE: "UTF-32 (little endian)", codecs.BOM_UTF32_BE: "UTF-32 (big endian)"}
# U+0085, U+2028 and U+2029 are line breaks to YAML 1.1 and to nobody's editor; the U+202x and U+206x
# marks reorder what a reader sees.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"
)
_LINE_BREAK = re.compile(r"\r\n|\r|\n")


def decode(file: str, data: bytes) -> tuple[str | None, tuple[Diagnostic, ...]]:
    """The text of a profile and what is wrong with its bytes; no text when it must not be parsed."""
    if len(data) > MAX_BYTES:
        return None, (_too_large(file, len(data)),)
    wide = _wide_encoding(data)
    if wide:
        return None, (_not_utf8(Span(file, 1, 1, 1, 1), f"the file is {wide}, not UTF-8", "UTF-16"),)
    body = data.removeprefix(codecs.BOM_UTF8)
    warnings = () if len(body) == len(data) else (_byte_order_mark(file),)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        return None, (*warnings, _bad_byte(file, body, error.start))
    forbidden = tuple(_forbidden_characters(file, text))
    return (None if forbidden else text), (*warnings, *forbidden)


def source_text(data: bytes) -> str:
    """The text reporters quote from: always decodes, and columns agree with those of the diagnostics."""
    return data[: MAX_BYTES + 1].removeprefix(codecs.BOM_UTF8).decode("utf-8", errors="replace")


def split_lines(text: str) -> list[str]:
    """Lines as YAML counts them (`str.splitlines` also splits at form feeds and others)."""
    return _LINE_BREAK.split(text)


def position(text: str, index: int) -> tuple[int, int]:
    """Line and column, from 1, of the character at `index`."""
    lines = split_lines(text[:index])
    return len(lines), len(lines[-1]) + 1


def _wide_encoding(data: bytes) -> str:
    for mark, name in (_UTF32 | _UTF16).items():  # UTF-32 first: its mark starts with that of UTF-16
        if data.startswith(mark):
            return name
    if len(data) >= 4 and data[1] == 0 == data[3] and data[0] and data[2]:
        return _UTF16[codecs.BOM_UTF16_LE]
    if len(data) >= 4 and data[0] == 0 == data[2] and data[1] and data[3]:
        return _UTF16[codecs.BOM_UTF16_BE]
    return ""


def _too_large(file: str, size: int) -> Diagnostic:
    return Diagnostic(
        "Y005",
        Span(file, 1, 1, 1, 1),
        f"the file has {size / MAX_BYTES:.1f} MiB; a profile has at most {MAX_BYTES >> 20} MiB",
        "is this the right file? A profile describes one cluster in a page or two",
    )


def _not_utf8(span: Span, message: str, encoding: str) -> Diagnostic:
    hint = f"save the file as UTF-8, or convert it:\n  iconv -f {encoding} -t UTF-8 OLD.yaml > NEW.yaml"
    return Diagnostic("Y002", span, message, hint)


def _bad_byte(file: str, body: bytes, index: int) -> Diagnostic:
    line, column = position(body[:index].decode("utf-8"), index)
    span = Span(file, line, column, line, column + 1)
    return _not_utf8(span, f"byte 0x{body[index]:02X} is not UTF-8 text", "ISO-8859-1")


def _byte_order_mark(file: str) -> Diagnostic:
    # A warning only: YAML allows the mark, nothing is lost by skipping it, and no editor shows it.
    return Diagnostic(
        "Y003",
        Span(file, 1, 1, 1, 1),
        "the file starts with a UTF-8 byte order mark, which was skipped",
        'save the file as "UTF-8" and not as "UTF-8 with BOM"; other tools may refuse it',
        severity=Severity.WARNING,
    )


def _forbidden_characters(file: str, text: str) -> Iterator[Diagnostic]:
    for match in islice(_FORBIDDEN.finditer(text), _MAX_CHARACTERS_REPORTED):
        line, column = position(text, match.start())
        code = ord(match.group())
        what = "NUL character" if code == 0 else f"invisible control character U+{code:04X}"
        hint = "delete it; it often comes with text pasted from a document or a terminal"
        yield Diagnostic("Y004", Span(file, line, column, line, column + 1), f"{what} in the file", hint)
