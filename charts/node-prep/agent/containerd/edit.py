"""Change single values of a TOML text and leave everything else as it stands, comments included."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from agent.containerd.toml import Path, Table, TomlError, parse

Values = Mapping[Path, Any]


def dump_value(value: Any) -> str:
    """A value as TOML; a JSON string is a TOML basic string."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(dump_value, value)) + "]"
    if isinstance(value, (int, float)):
        return str(value)
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")


def dump_key(key: str) -> str:
    """A key, quoted where it must be, in containerd's own manner."""
    if re.fullmatch(r"[A-Za-z0-9_-]+", key):
        return key
    return dump_value(key) if re.search(r"['\x00-\x1f\x7f]", key) else f"'{key}'"


def set_value(text: str, path: Path, value: Any) -> str:
    """`text` with `path` set; the old value's place, else the table's end, else a new table at the end."""
    document = parse(text)
    if path in document.spans:
        start, end = document.spans[path]
        return text if document.get(path) == value else text[:start] + dump_value(value) + text[end:]
    if document.get(path) is not None:
        raise TomlError(f"{'.'.join(path)} stands in an inline table: write that table in long form")
    line = f"{dump_key(path[-1])} = {dump_value(value)}\n"
    tables = [table for table in document.tables if table.path == path[:-1]]
    if tables:
        return _insert(text, tables[-1], line)
    if isinstance(document.get(path[:-1], {}), dict) and not _inline(document.spans, path[:-1]):
        body = text if not text or text.endswith("\n") else text + "\n"
        return f"{body}\n{header(path[:-1])}\n  {line}"
    raise TomlError(f"{'.'.join(path[:-1])} is an inline table: write it in long form")


def set_values(text: str, values: Values) -> str:
    """Set several."""
    for path, value in values.items():
        text = set_value(text, path, value)
    return text


def header(path: Path) -> str:
    """`[plugins.'io.containerd.cri.v1.runtime'.containerd]`."""
    return f"[{'.'.join(map(dump_key, path))}]"


def render(version: int, values: Values, comment: str) -> str:
    """A file of its own: top-level values first, then one table per prefix, in the order given."""
    top = [f"version = {version}"]
    top += [f"{dump_key(path[0])} = {dump_value(value)}" for path, value in values.items() if len(path) == 1]
    return comment + "\n".join(top) + "\n" + tables(values)


def tables(values: Values) -> str:
    """The tables of a file, without its top level."""
    lines = []
    for prefix in _prefixes(values):
        lines += ["", header(prefix)]
        pairs = [(path[-1], value) for path, value in values.items() if path[:-1] == prefix]
        lines += [f"  {dump_key(key)} = {dump_value(value)}" for key, value in pairs]
    return "\n".join(lines) + "\n" if lines else ""


def _prefixes(values: Iterable[Path]) -> list[Path]:
    return list(dict.fromkeys(path[:-1] for path in values if len(path) > 1))


def _inline(spans: Mapping[Path, tuple[int, int]], path: Path) -> bool:
    return any(path[:length] in spans for length in range(1, len(path) + 1))


def _insert(text: str, table: Table, line: str) -> str:
    if not table.path and not table.end:
        # Nothing at the top yet: before the first table, after the leading comments.
        comments = re.match(r"(?:[ \t]*#[^\n]*\n|[ \t]*\n)*", text)
        place = comments.end() if comments else 0
        return text[:place] + line + text[place:]
    lead = text[: table.end]
    body = lead if lead.endswith("\n") else lead + "\n"
    indent = re.search(r"(?:^|\n)([ \t]*)\S[^\n]*\n$", body)
    return body + (indent.group(1) if indent else "") + line + text[table.end :]
