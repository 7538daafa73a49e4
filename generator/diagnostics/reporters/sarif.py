"""SARIF 2.1.0, which code scanning services and editors read."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from generator import __version__
from generator.diagnostics.diagnostic import Diagnostic, Related, Span, sort_unique

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def report_sarif(diagnostics: Sequence[Diagnostic], sources: Mapping[str, str]) -> str:
    """One run with a rule per code that occurs."""
    del sources
    ordered = sort_unique(diagnostics)
    codes = sorted({item.code for item in ordered})
    driver = {"name": "labhelm", "version": __version__, "rules": [_rule(code) for code in codes]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(item, codes.index(item.code)) for item in ordered],
    }
    return (
        json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False)
        + "\n"
    )


def _rule(code: str) -> dict[str, object]:
    text = f"labhelm explain {code}"
    return {"id": code, "shortDescription": {"text": code}, "help": {"text": text}}


def _result(item: Diagnostic, rule_index: int) -> dict[str, object]:
    text = f"{item.message}\nhint: {item.hint}" if item.hint else item.message
    result: dict[str, object] = {
        "ruleId": item.code,
        "ruleIndex": rule_index,
        "level": item.severity.value,
        "message": {"text": text},
        "locations": [_location(item.span, item.path)],
    }
    if item.related:
        result["relatedLocations"] = [_related(index, other) for index, other in enumerate(item.related)]
    return result


def _related(index: int, other: Related) -> dict[str, object]:
    return {"id": index, "message": {"text": other.message}, **_location(other.span)}


def _location(span: Span, path: str = "") -> dict[str, object]:
    region: dict[str, int] = {"startLine": max(span.line, 1), "startColumn": max(span.column, 1)}
    if (span.end_line, span.end_column) > (span.line, span.column):
        region |= {"endLine": span.end_line, "endColumn": span.end_column}
    physical = {"artifactLocation": {"uri": quote(span.file.replace("\\", "/"))}, "region": region}
    location: dict[str, object] = {"physicalLocation": physical}
    if path:
        location["logicalLocations"] = [{"fullyQualifiedName": path, "kind": "member"}]
    return location
