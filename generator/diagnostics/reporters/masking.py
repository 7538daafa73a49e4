"""Source lines without secrets: what S010 points at, and whatever else looks like one.

A line may be shown for another fault, and a file that cannot be parsed is never searched for secrets;
so each line is also looked at by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from generator.diagnostics.diagnostic import Diagnostic, Span
from generator.diagnostics.secret_shapes import SECRET_SHAPE
from generator.diagnostics.secrets import HIDDEN, is_secret_key

SECRET_CODE = "S010"

_PAIR = re.compile(r"""(?P<key>[A-Za-z_][\w.-]*)["']?\s*[:=]\s*(?P<value>"[^"]*"?|'[^']*'?|[^\s{\[][^\n]*)""")
_FLOW_END = re.compile(r"[,}\]]")
_ENCODED = re.compile(r"\s*[A-Za-z0-9+/=_-]{40,}\s*")


def masked_line(
    file: str, number: int, line: str, diagnostics: Iterable[Diagnostic]
) -> list[tuple[str, int]]:
    """The line as characters with the column each comes from; a hidden part keeps the column of its start."""
    parts = sorted({*_reported(file, number, line, diagnostics), *_suspicious(line)})
    shown: list[tuple[str, int]] = []
    column = 1
    for start, end in parts:
        if end <= column:
            continue
        start = max(start, column)
        shown += [(char, at) for at, char in enumerate(line[column - 1 : start - 1], column)]
        shown += [(char, start) for char in HIDDEN]
        column = end
    return shown + [(char, at) for at, char in enumerate(line[column - 1 :], column)]


def _reported(
    file: str, number: int, line: str, diagnostics: Iterable[Diagnostic]
) -> Iterator[tuple[int, int]]:
    """Columns of this line that a secret takes."""
    for item in diagnostics:
        span = item.span
        if item.code == SECRET_CODE and span.file == file and span.line <= number <= span.end_line:
            yield _columns(span, number, line)


def _columns(span: Span, number: int, line: str) -> tuple[int, int]:
    start = span.column if number == span.line else 1
    return start, span.end_column if number == span.end_line else len(line) + 1


def _suspicious(line: str) -> Iterator[tuple[int, int]]:
    if _ENCODED.fullmatch(line):
        yield 1, len(line) + 1
    for shape in SECRET_SHAPE.finditer(line):
        yield shape.start() + 1, shape.end() + 1
    position = 0
    while match := _PAIR.search(line, position):
        position = match.start("value")
        if is_secret_key(match["key"]):
            position = _value_end(line, match)
            yield match.start("value") + 1, position + 1


def _value_end(line: str, match: re.Match[str]) -> int:
    """Inside brackets an unquoted value ends at a comma or bracket, elsewhere with the line."""
    start = match.start("value")
    if line[start] in "\"'":
        return match.end("value")
    in_flow = re.search(r"[{\[]", line[:start])
    end = _FLOW_END.search(line, start) if in_flow else None
    return end.start() if end else len(line)
