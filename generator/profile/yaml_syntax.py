"""Syntax errors in plain words: what the YAML parser says is true, but about its own state."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from generator.diagnostics import Diagnostic, Related, Span
from generator.profile.yaml_source import split_lines

_TAB_INDENT = re.compile(r"[ ]*\t\s*(?=[^\s#])")
_TAB = re.compile(r"[ ]*\t")
_INDENT = "keys of one mapping start in the same column, and what belongs to a key is indented below it"
_QUOTE = 'text with ": ", " #" or a special first character needs quotes: "..."'
_CLOSE = "look above for the bracket or quote that opens and does not end, or for a missing comma"

_SECOND_COLON = ("a second colon in one line", _QUOTE)
_TOO_FAR = ("this line is indented further than the line above allows", _INDENT)
_FOLLOWS = ("something follows the end of the value", "quote the whole text, or delete what is left over")
_OPEN_QUOTE = re.compile(r"unexpected end of stream|while scanning a quoted")

# First match wins. The left side fits the words of libyaml and those of PyYAML's own parser.
_WORDS: tuple[tuple[str, str, str], ...] = (
    (
        r"mapping values are not allowed",
        "a second colon in one line, or a line that is indented too far",
        _QUOTE,
    ),
    (r"unexpected end of stream|while scanning a quoted", "a quote is opened here and never closed", _CLOSE),
    (
        r"flow (sequence|mapping).*(expected|did not find)",
        "a bracket is not closed, or a comma is missing",
        _CLOSE,
    ),
    (
        r"(block mapping|block collection).*(expected|did not find)",
        "the indentation does not fit the lines above",
        _INDENT,
    ),
    (r"could not find expected ':'", "a line without a colon between keys", _INDENT),
    (
        r"sequence entries are not allowed",
        "a list item (-) cannot start here",
        "a list starts on a line of its own",
    ),
    (r"mapping keys are not allowed", "a key cannot start here", _INDENT),
    (r"cannot start any token", "text cannot start with this character", _QUOTE),
    (
        r"unknown escape|hexdecimal|hexadecimal",
        "unknown escape after a backslash",
        "use 'single quotes' for text with backslashes",
    ),
    (r"anchor|alias", "& and * have a meaning of their own in YAML", _QUOTE),
    (r"tag|'!'", "! has a meaning of its own in YAML", _QUOTE),
    (r"directive|%", "% has a meaning of its own at the start of a line", _QUOTE),
    (
        r"incompatible YAML document|YAML version",
        "an unknown YAML version",
        "delete the line that starts with %YAML",
    ),
    (r"document start", "something follows the end of the value", _INDENT),
    (
        r"block scalar|indentation indicator|chomping",
        "the line after | or > is not understood",
        "start the text on the next line",
    ),
    (r"expected node content|node content", "a value is missing", _CLOSE),
)


def syntax_diagnostic(file: str, text: str, error: Any, block_lines: Sequence[tuple[int, int]]) -> Diagnostic:
    """The parser's error at its position; tabs in the indentation, if there are any, are the cause."""
    lines = split_lines(text)
    said = f"{getattr(error, 'context', '') or ''}: {getattr(error, 'problem', '') or ''}"
    line, column = _place(error, said, lines)
    tabs = _tab_lines(lines[: line + 1], line, block_lines)
    if tabs:
        return _tabs(file, lines, tabs)
    message, hint = _plain_words(said, lines[line - 1][: column - 1])
    span = Span(file, line, column, line, column + 1)
    return Diagnostic("Y007", span, message, hint, related=_context(file, error, line))


def _place(error: Any, said: str, lines: Sequence[str]) -> tuple[int, int]:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if _OPEN_QUOTE.search(said):  # the end of the file tells nobody which quote it is
        mark = error.context_mark or mark
    if mark is None:
        return 1, 1
    line = min(mark.line + 1, len(lines))
    return line, min(mark.column, len(lines[line - 1])) + 1


def _plain_words(said: str, before: str) -> tuple[str, str]:
    """Message and hint for what the parser said; `before` is the line up to the place of the error."""
    if "mapping values are not allowed" in said:
        return _SECOND_COLON if ": " in before else _TOO_FAR
    if "block mapping" in said and before.strip(" -"):
        return _FOLLOWS
    for pattern, message, hint in _WORDS:
        if re.search(pattern, said):
            return message, hint
    return "this is not valid YAML", _QUOTE


def _context(file: str, error: Any, line: int) -> tuple[Related, ...]:
    mark = getattr(error, "context_mark", None)
    if mark is None or mark.line + 1 >= line:
        return ()
    span = Span(file, mark.line + 1, mark.column + 1, mark.line + 1, mark.column + 2)
    return (Related(span, "what it belongs to starts here"),)


def _tab_lines(lines: Sequence[str], at_fault: int, blocks: Sequence[tuple[int, int]]) -> list[int]:
    """Numbers of lines with a tab before the first word, those of text blocks left out."""
    return [
        number
        for number, line in enumerate(lines, 1)
        if (_TAB_INDENT.match(line) or (number == at_fault and _TAB.match(line)))
        and not any(first < number < last for first, last in blocks)
    ]


def _tabs(file: str, lines: Sequence[str], tabs: Sequence[int]) -> Diagnostic:
    spans = []
    for number in tabs:
        line = lines[number - 1]
        start = line.index("\t")
        end = start + len(line[start:]) - len(line[start:].lstrip("\t"))
        spans.append(Span(file, number, start + 1, number, end + 1))
    related = tuple(Related(span, "and here") for span in spans[1:4])
    count = f" (in {len(spans)} lines)" if len(spans) > 1 else ""
    hint = "indent with two spaces per level; most editors replace all tabs in one step"
    return Diagnostic("Y006", spans[0], f"a tab is used for indentation{count}", hint, related=related)
