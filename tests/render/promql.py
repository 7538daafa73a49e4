"""Names of metrics in PromQL, without a parser: words that are nothing else."""

from __future__ import annotations

import re

_QUIET = re.compile(r'"[^"]*"|\{[^{}]*\}|\[[^\]]*\]|\$\w+')
_GROUPING = re.compile(r"\b(by|without|on|ignoring|group_left|group_right)\s*\([^()]*\)")
_NUMBER = re.compile(r"(?<![\w:])\d[\w.+]*")
_WORD = re.compile(r"([A-Za-z_:][\w:]*)(\s*\()?")
_OPERATORS = {"and", "or", "unless", "bool", "offset"}


def names_in(expr: str) -> set[str]:
    """Metrics that the expression reads; functions, labels, numbers and Grafana's variables are none."""
    text = _NUMBER.sub(" ", _GROUPING.sub(" ", _QUIET.sub(" ", expr)))
    return {word[1] for word in _WORD.finditer(text) if not word[2] and word[1] not in _OPERATORS}
