"""Reads a profile: plain data with positions, and every fault of the file in one go.

Codes: Y001 empty, Y002 not UTF-8, Y003 byte order mark, Y004 invisible character, Y005 too large,
Y006 tab, Y007 syntax, Y008 several documents, Y009 duplicate key, Y010 yes/no/on/off, Y011 ambiguous number,
Y012 date, Y013 key is not text, Y014 anchor or merge, Y015 too deep, Y016 tag, Y017 infinity or NaN,
Y018 top level is not a mapping, Y019 more faults than are listed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import yaml

from generator.diagnostics import Diagnostic, Span, sort_unique
from generator.profile.yaml_document import Document
from generator.profile.yaml_source import decode
from generator.profile.yaml_syntax import syntax_diagnostic
from generator.profile.yaml_tree import Builder

MAX_DIAGNOSTICS = 100
"""More than that is one mistake made many times, or not a profile."""


_START = (
    "start with:\n  name: lab\n  nodes:\n    - {name: bonnie, address: 192.168.11.10, role: control-plane}"
)


@dataclass(frozen=True)
class Loaded:
    """The tree as far as it could be read, and what is wrong with the file.

    There is a tree only when the whole file could be parsed and its top level is a mapping.
    """

    tree: Document | None
    diagnostics: tuple[Diagnostic, ...]


def load(path_name: str, data: bytes) -> Loaded:
    """Read the bytes of a profile; never raises. `path_name` is the file's name in diagnostics."""
    text, diagnostics = decode(path_name, data)
    if text is None:
        return Loaded(None, _limited(diagnostics))
    builder = Builder(path_name)
    found = list(diagnostics)
    complete = False
    try:
        complete = builder.read(text)
    except yaml.YAMLError as error:
        found.append(syntax_diagnostic(path_name, text, error, builder.block_lines))
    found += builder.diagnostics
    tree = builder.document() if complete else None
    if complete:
        found += _shape(path_name, tree)
    is_mapping = tree is not None and isinstance(tree.value, dict)
    return Loaded(tree if is_mapping else None, _limited(found))


def _shape(file: str, tree: Document | None) -> list[Diagnostic]:
    if tree is None or tree.root.is_empty:
        return [Diagnostic("Y001", Span(file, 1, 1, 1, 1), "the file is empty", _START)]
    if isinstance(tree.value, dict):
        return []
    what = "a list" if isinstance(tree.value, list) else "a single value"
    return [
        Diagnostic("Y018", tree.span(()), f"the file holds {what}; a profile is made of `key: value`", _START)
    ]


def _limited(diagnostics: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
    ordered = sort_unique(diagnostics)
    rest = ordered[MAX_DIAGNOSTICS:]
    if not rest:
        return ordered
    more = Diagnostic(
        "Y019", rest[0].span, f"at least {len(rest)} more faults from here on", "mend those above first"
    )
    return (*ordered[:MAX_DIAGNOSTICS], more)
