"""What is wrong with a user's input, as data; reporters turn it into text, JSON, GitHub or SARIF."""

from generator.diagnostics.diagnostic import Diagnostic, Related, Severity, Span, sort_unique

__all__ = ["Diagnostic", "Related", "Severity", "Span", "sort_unique"]
