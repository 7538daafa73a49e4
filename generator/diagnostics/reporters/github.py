"""GitHub Actions workflow commands: annotations on the lines of a pull request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from generator.diagnostics.diagnostic import Diagnostic, sort_unique


def report_github(diagnostics: Sequence[Diagnostic], sources: Mapping[str, str]) -> str:
    """One `::error` or `::warning` line per diagnostic."""
    del sources
    return "".join(f"{_command(item)}\n" for item in sort_unique(diagnostics))


def _command(item: Diagnostic) -> str:
    place = f"file={_property(item.span.file)},line={item.span.line},col={item.span.column}"
    lines = [item.message, f"hint: {item.hint}" if item.hint else ""]
    lines += [f"{other.span}: {other.message}" for other in item.related]
    text = _data("\n".join(line for line in lines if line))
    return f"::{item.severity.value} {place},title={_property(item.code)}::{text}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
