"""Text for a terminal: `file:line:col CODE message`, the line with a caret, the hint, other places."""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from collections.abc import Mapping, Sequence

from generator.diagnostics.diagnostic import Diagnostic, Severity, Span, sort_unique
from generator.diagnostics.reporters.snippet import snippet

_WIDTH = 80
_STYLES = {"bold": "1", "red": "31;1", "yellow": "33;1", "cyan": "36"}
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def report_text(
    diagnostics: Sequence[Diagnostic], sources: Mapping[str, str], *, colour: bool = False
) -> str:
    """All diagnostics and a line that counts them; "" if there are none."""
    ordered = sort_unique(diagnostics)
    if not ordered:
        return ""
    blocks = [_block(item, sources, ordered, colour) for item in ordered]
    return "\n".join([*blocks, summary(ordered)]) + "\n"


def summary(diagnostics: Sequence[Diagnostic]) -> str:
    """`3 errors, 1 warning in profiles/lab.yaml`."""
    count = Counter(item.severity for item in diagnostics)
    parts = [
        f"{count[severity]} {severity.value}{'s' if count[severity] > 1 else ''}"
        for severity in Severity
        if count[severity]
    ]
    files = sorted({item.span.file for item in diagnostics})
    where = f" in {_printable(files[0])}" if len(files) == 1 else f" in {len(files)} files" if files else ""
    return f"{', '.join(parts) or 'no errors'}{where}"


def _block(item: Diagnostic, sources: Mapping[str, str], every: Sequence[Diagnostic], colour: bool) -> str:
    is_error = item.severity is Severity.ERROR
    strong = "red" if is_error else "yellow"
    code = _paint(item.code, strong, colour)
    lines = [f"{_paint(_printable(str(item.span)), 'bold', colour)} {code} {_printable(item.message)}"]
    lines += _quoted(item.span, sources, every, strong, colour)
    if not is_error:
        lines.append("  warning: the command goes on")
    lines += _hint(item.hint, colour)
    for other in item.related:
        lines.append(f"  {_printable(str(other.span))} {_printable(other.message)}")
        lines += _quoted(other.span, sources, every, "cyan", colour)
    return "\n".join(lines) + "\n"


def _quoted(
    span: Span, sources: Mapping[str, str], every: Sequence[Diagnostic], style: str, colour: bool
) -> list[str]:
    found = snippet(span, sources.get(span.file, ""), every, _WIDTH)
    return [found[0], _paint(found[1], style, colour)] if found else []


def _hint(hint: str, colour: bool) -> list[str]:
    """Wrapped text; lines that start with a space are code and stay as they are."""
    lines: list[str] = []
    for number, line in enumerate(_printable(hint).splitlines()):
        first = "  hint: " if number == 0 else "        "
        is_code = line.startswith(" ")
        lines += [f"      {line}"] if is_code else _wrapped(line, first)
    if lines:
        lines[0] = lines[0].replace("hint:", _paint("hint:", "cyan", colour), 1)
    return lines


def _wrapped(text: str, first: str) -> list[str]:
    return textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=first,
        subsequent_indent=" " * 8,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _printable(text: str) -> str:
    """Without escape sequences, which could rewrite a terminal."""
    return _UNPRINTABLE.sub("\ufffd", text)


def _paint(text: str, style: str, colour: bool) -> str:
    return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if colour else text
