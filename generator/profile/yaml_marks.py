"""Places of YAML events and nodes, counted from 1 as editors do."""

from __future__ import annotations

from typing import Any

from generator.profile.yaml_document import Node, Place


def start_of(event: Any) -> Place:
    """Where an event starts."""
    return event.start_mark.line + 1, event.start_mark.column + 1


def end_of(event: Any) -> Place:
    """Where an event ends, exclusive."""
    return event.end_mark.line + 1, event.end_mark.column + 1


def word_end(event: Any, length: int) -> Place:
    """The end of a word of `length` characters at the start of an event."""
    line, column = start_of(event)
    return line, column + length


def block_end(node: Node) -> Place:
    """Where a block ends for a reader: with its last value, or with the last key if that has none."""
    if node.entries:
        last = list(node.entries.values())[-1]
        return last.key.end if last.value.is_empty else last.value.end
    return node.items[-1].end if node.items else node.start
