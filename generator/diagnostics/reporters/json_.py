"""JSON: a list of objects, one per diagnostic, in the order of the files.

Keys, all always there: file, line, column, endLine, endColumn (from 1, end exclusive, in Unicode characters),
code, severity ("error" or "warning"), path (`nodes[1].address`, "" for the whole file), message, hint,
related (a list of file, line, column, endLine, endColumn, message). Keys may be added, none goes away.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from generator.diagnostics.diagnostic import Diagnostic, Span, sort_unique


def report_json(diagnostics: Sequence[Diagnostic], sources: Mapping[str, str]) -> str:
    """All diagnostics as a JSON list."""
    del sources
    return (
        json.dumps([_object(item) for item in sort_unique(diagnostics)], indent=2, ensure_ascii=False) + "\n"
    )


def _object(item: Diagnostic) -> dict[str, object]:
    return {
        **_place(item.span),
        "code": item.code,
        "severity": item.severity.value,
        "path": item.path,
        "message": item.message,
        "hint": item.hint,
        "related": [{**_place(other.span), "message": other.message} for other in item.related],
    }


def _place(span: Span) -> dict[str, object]:
    return {
        "file": span.file,
        "line": span.line,
        "column": span.column,
        "endLine": span.end_line or span.line,
        "endColumn": span.end_column or span.column,
    }
