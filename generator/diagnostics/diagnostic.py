"""Diagnostic: one fault of an input file, with its position, code and hint."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How bad it is; only an error stops a command."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, order=True)
class Span:
    """A place in a file; lines and columns count from 1, `end_column` is exclusive."""

    file: str
    line: int
    column: int
    end_line: int = 0
    end_column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, order=True)
class Related:
    """A second place that takes part in the fault, e.g. "first used here"."""

    span: Span
    message: str


@dataclass(frozen=True)
class Diagnostic:
    """One fault: `path` is the dotted path of the key (`nodes[1].address`), "" for the whole file."""

    code: str
    span: Span
    message: str
    hint: str = ""
    path: str = ""
    severity: Severity = Severity.ERROR
    related: tuple[Related, ...] = ()

    def sort_key(self) -> tuple[Span, str, str]:
        """Order of the report: by place, then code, then text."""
        return (self.span, self.code, self.message)


def sort_unique(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Sort by position and drop repeats, so two runs print the same report."""
    return tuple(sorted(dict.fromkeys(diagnostics), key=Diagnostic.sort_key))
