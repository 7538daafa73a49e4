"""Diagnostics for people and for other tools: one pure function per format, listed in REPORTERS."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from generator.diagnostics.diagnostic import Diagnostic
from generator.diagnostics.reporters.github import report_github
from generator.diagnostics.reporters.json_ import report_json
from generator.diagnostics.reporters.sarif import report_sarif
from generator.diagnostics.reporters.text import report_text

Reporter = Callable[[Sequence[Diagnostic], Mapping[str, str]], str]
"""Takes the diagnostics and the text of each file (see `yaml_source.source_text`); returns the report."""

REPORTERS: Mapping[str, Reporter] = {
    "text": report_text,
    "json": report_json,
    "github": report_github,
    "sarif": report_sarif,
}

__all__ = ["REPORTERS", "Reporter", "report_github", "report_json", "report_sarif", "report_text"]
