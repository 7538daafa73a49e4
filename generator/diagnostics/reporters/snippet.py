"""One source line with a caret underline, cut to the width of a terminal."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from generator.diagnostics.diagnostic import Diagnostic, Span
from generator.diagnostics.reporters.masking import masked_line

_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_BEFORE_CARET = 30
_LONGEST_LINE = 1000
"""A longer line is not for reading, and looking for secrets in it would take long."""

Cell = tuple[str, int]
"""A character to show and the column of the file that it stands for."""


def snippet(span: Span, source: str, diagnostics: Sequence[Diagnostic], width: int) -> tuple[str, str] | None:
    """The line and the underline; None if the file is not known or has no such line."""
    lines = _lines(source)
    line = lines[span.line - 1] if 1 <= span.line <= len(lines) else ""
    if not line.strip() or len(line) > _LONGEST_LINE:
        return None
    gutter = f"  {span.line} | "
    cells = masked_line(span.file, span.line, line, diagnostics)
    cells = [(_visible(char), column) for char, column in cells]
    start, end = _marked(cells, span)
    cells, start, end, cut = _window(cells, start, end, width - len(gutter))
    text = cut + "".join(char for char, _ in cells).rstrip()
    blank = " " * (len(cut) + _width(cells[:start]))
    return gutter + text, " " * (len(gutter) - 2) + "| " + blank + "^" * max(1, _width(cells[start:end]))


@lru_cache(maxsize=4)
def _lines(source: str) -> list[str]:
    return _LINE_BREAK.split(source)


def _marked(cells: Sequence[Cell], span: Span) -> tuple[int, int]:
    """Indexes of the first cell and after the last cell to underline; at least one."""
    last = span.end_column if span.end_line == span.line else len(cells) + 10**6
    marked = [index for index, (_, column) in enumerate(cells) if span.column <= column < last]
    if not marked:
        after = next((index for index, (_, column) in enumerate(cells) if column >= span.column), len(cells))
        return after, after + 1
    while len(marked) > 1 and cells[marked[-1]][0] == " ":
        marked.pop()
    return marked[0], marked[-1] + 1


def _window(cells: list[Cell], start: int, end: int, width: int) -> tuple[list[Cell], int, int, str]:
    """The part of a long line around the mark; the last item is what stands for a cut start."""
    first, cut = 0, ""
    if _width(cells) > width and _width(cells[:end]) > width:
        first = max(0, start - _BEFORE_CARET)
        cut = "..." if first else ""
    room, last = width - len(cut), first
    while last < len(cells) and _width(cells[first : last + 1]) <= room:
        last += 1
    if last < len(cells):
        last = max(first, last - 3)
        cells = [*cells[:last], *((".", cells[last][1]) for _ in range(3))]
        last += 3
    return cells[first:last], start - first, min(end, last) - first, cut


def _visible(char: str) -> str:
    if char.isspace():
        return " "
    return char if char.isprintable() or unicodedata.combining(char) else "\ufffd"


def _width(cells: Sequence[Cell]) -> int:
    return sum(_cell_width(char) for char, _ in cells)


def _cell_width(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
