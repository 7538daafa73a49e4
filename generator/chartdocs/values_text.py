"""values.yaml as people read it: each key with its meaning, unit and an example above it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from generator.chartdocs.fields import MISSING, Key
from generator.output.yaml_text import dump, scalar

_WIDTH = 100
_STEP = "  "


def values_text(keys: Sequence[Key], head: Sequence[str]) -> str:
    """The text of values.yaml; `head` are the comment lines on top, the mark first."""
    lines = [f"# {line}" for line in head]
    for key in keys:
        lines += ["", *_key(key, "")]
    return "\n".join(lines) + "\n"


def _key(key: Key, indent: str) -> Iterator[str]:
    yield from _comment(key, indent)
    if key.required:
        yield f"{indent}# {key.name}:  # required"
    elif key.children:
        yield f"{indent}{key.name}:"
        for child in key.children:
            yield from _key(child, indent + _STEP)
    else:
        yield from _indented(dump({key.name: key.default}), indent)


def _comment(key: Key, indent: str) -> Iterator[str]:
    yield from _wrapped(key.description + (f" Unit: {key.unit}." if key.unit else ""), f"{indent}# ")
    if key.choices:
        yield from _wrapped(f"One of: {key.type}", f"{indent}# ")
    for item in key.items:
        yield from _item(item, f"{indent}#   ")
    if key.example not in (MISSING, key.default) and not key.children:
        yield from _example(key, f"{indent}# ")


def _item(key: Key, prefix: str) -> Iterator[str]:
    """A key of a map's or list's items, all in comments."""
    simple = isinstance(key.default, (str, int, float)) and key.default != ""
    notes = [
        key.unit,
        f"one of {key.type}" if key.choices else "",
        "required" if key.required else f"default {scalar(key.default)}" if simple else "",
    ]
    extra = "; ".join(note for note in notes if note)
    line = f"{key.name}: {key.description}" + (f" ({extra})" if extra else "")
    yield from _wrapped(line, prefix, hang="    ")
    for child in (*key.children, *key.items):
        yield from _item(child, prefix + _STEP)


def _example(key: Key, prefix: str) -> Iterator[str]:
    if isinstance(key.example, (dict, list)) and key.example:
        yield f"{prefix}Example:"
        yield from _indented(dump({key.name: key.example}), prefix + _STEP)
    else:
        yield f"{prefix}Example: {scalar(key.example)}"


def _wrapped(text: str, prefix: str, hang: str = "") -> Iterator[str]:
    yield from textwrap.wrap(
        text, _WIDTH, initial_indent=prefix, subsequent_indent=prefix + hang, break_long_words=False,
        break_on_hyphens=False,
    )  # fmt: skip


def _indented(block: str, indent: str) -> Iterator[str]:
    for line in block.rstrip("\n").split("\n"):
        yield f"{indent}{line}".rstrip()
