"""From YAML events to a tree with positions.

The events are read once and without recursion, so that neither depth nor aliases cost stack, time or memory:
PyYAML's composer recurses, resolves aliases and takes the last of two equal keys without a word.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from generator.diagnostics import Diagnostic, Related, Span
from generator.diagnostics.secrets import shown
from generator.profile.yaml_document import Document, Entry, Node, Path, path_text
from generator.profile.yaml_marks import block_end, end_of, start_of, word_end
from generator.profile.yaml_values import read_key, read_scalar, tag_text

MAX_DEPTH = 32
MAX_EVENTS = 100_000
MAX_FAULTS = 1000
"""With more faults than anyone reads, the rest of the file is left alone."""

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(slots=True)
class _Frame:
    """An open mapping or list; `key` waits for its value, `drop` says that the pair is not to be kept."""

    node: Node
    path: Path
    is_mapping: bool
    is_block: bool
    key: Node | None = None
    step: str | int | None = 0
    drop: bool = False


@dataclass
class Builder:
    """Builds one tree from events and collects what is wrong on the way."""

    file: str
    diagnostics: list[Diagnostic] = field(default_factory=list)
    faulty: set[Path] = field(default_factory=set)
    root: Node | None = None
    block_lines: list[tuple[int, int]] = field(default_factory=list)
    _stack: list[_Frame] = field(default_factory=list)
    _documents: int = 0
    _anchors: dict[str, list[Span]] = field(default_factory=dict)

    def read(self, text: str) -> bool:
        """Read all events of `text`; False when it had to stop early. Raises yaml.YAMLError."""
        events: Iterator[Any] = yaml.parse(text, Loader=_Loader)
        try:
            return all(self._take(number, event) for number, event in enumerate(events))
        finally:
            self._report_anchors()

    def document(self) -> Document | None:
        """The tree read so far, or None when there is nothing in it."""
        return Document(self.file, self.root, frozenset(self.faulty)) if self.root else None

    def _take(self, number: int, event: Any) -> bool:
        if number > MAX_EVENTS:
            return self._stop(
                event, "Y005", "the file has too many values for a profile", "is it the right file?"
            )
        if len(self.diagnostics) + len(self._anchors) > MAX_FAULTS:
            return False
        handler = _HANDLERS.get(type(event))
        return handler(self, event) is not False if handler else True

    def _document_start(self, event: Any) -> bool:
        self._documents += 1
        if self._documents == 1:
            return True
        hint = "keep one profile per file: move this one to a file of its own, or delete the line"
        return self._stop(event, "Y008", "a second YAML document starts here", hint)

    def _scalar(self, event: Any) -> None:
        self._check_properties(event)
        node = Node(None, start_of(event), end_of(event), event.value, event.style or "")
        if node.style in ("|", ">"):
            self.block_lines.append((node.start[0], node.end[0]))
        if self._expects_key():
            self._take_key(node)
            return
        path = self._next_path()
        node.value, fault = read_scalar(self._span(node), node, path)
        if fault and event.tag is None:
            self._report(fault, path)
        self._attach(node)

    def _alias(self, event: Any) -> None:
        node = Node(None, start_of(event), end_of(event), word=f"*{event.anchor}")
        self._anchors.setdefault(event.anchor, []).append(self._span(node))
        if self._expects_key():
            self._stack[-1].key, self._stack[-1].drop = node, True
            return
        self.faulty.add(self._next_path())
        self._attach(node)

    def _open(self, event: Any) -> bool:
        if len(self._stack) >= MAX_DEPTH:
            hint = "the deepest place of a profile has a handful of levels; count the brackets on this line"
            return self._stop(event, "Y015", f"more than {MAX_DEPTH} levels of nesting", hint)
        self._check_properties(event)
        is_mapping = isinstance(event, yaml.MappingStartEvent)
        node = Node({} if is_mapping else [], start_of(event), end_of(event))
        path = self._stack[-1].path if self._expects_key() else self._next_path()
        step = None if is_mapping else 0
        self._stack.append(_Frame(node, path, is_mapping, not event.flow_style, step=step))
        return True

    def _close(self, event: Any) -> None:
        frame = self._stack.pop()
        # A block ends for the parser where the next token starts, which may be pages below.
        frame.node.end = block_end(frame.node) if frame.is_block else end_of(event)
        if self._expects_key():
            self._take_key(frame.node)
        else:
            self._attach(frame.node)

    def _take_key(self, key: Node) -> None:
        frame = self._stack[-1]
        name, fault = read_key(self._span(key), key, frame.path)
        first = frame.node.entries.get(name) if name is not None else None
        if fault:
            # A merge would have brought keys: do not call them missing as well.
            self._report(fault, frame.path if name is None else None)
        if name is not None and first:
            self._report(self._duplicate(name, key, first.key))
        frame.key, frame.step, frame.drop = key, name, name is None or first is not None

    def _duplicate(self, name: str, key: Node, first: Node) -> Diagnostic:
        path = path_text((*self._stack[-1].path, name))
        hint = "a mapping holds each key once: delete one of the two, or merge them"
        related = (Related(self._span(first), "first used here"),)
        message = f'the key "{shown(name)}" is used a second time'
        return Diagnostic("Y009", self._span(key), message, hint, path, related=related)

    def _attach(self, node: Node) -> None:
        if not self._stack:
            self.root = node
            return
        frame = self._stack[-1]
        if not frame.is_mapping:
            frame.node.items.append(node)
            frame.node.value.append(node.value)
            frame.step = len(frame.node.items)
            return
        if frame.key is not None and not frame.drop:
            frame.node.entries[str(frame.step)] = Entry(frame.key, node)
            frame.node.value[str(frame.step)] = node.value
        frame.key, frame.step, frame.drop = None, None, False

    def _expects_key(self) -> bool:
        return bool(self._stack) and self._stack[-1].is_mapping and self._stack[-1].key is None

    def _next_path(self) -> Path:
        if not self._stack:
            return ()
        frame = self._stack[-1]
        return frame.path if frame.step is None else (*frame.path, frame.step)

    def _check_properties(self, event: Any) -> None:
        if event.anchor:
            spans = self._anchors.setdefault(event.anchor, [])
            spans.insert(0, Span(self.file, *start_of(event), *word_end(event, len(event.anchor) + 1)))
        if event.tag is None:
            return
        path = () if self._expects_key() else self._next_path()
        span = Span(self.file, *start_of(event), *word_end(event, 1))
        message = f'the tag "{tag_text(event.tag)}" is not allowed in a profile'
        hint = "delete the tag: what stands in the file is plain data; quotes make a number text"
        self._report(Diagnostic("Y016", span, message, hint, path_text(path)), path)

    def _report_anchors(self) -> None:
        for name, (first, *others) in self._anchors.items():
            related = tuple(Related(span, "and here") for span in others[:3])
            message = f'the YAML anchor "{name}" (& and *) is not allowed in a profile'
            hint = "write the values out where they are used; a profile is short enough for that"
            self._report(Diagnostic("Y014", first, message, hint, related=related))

    def _report(self, diagnostic: Diagnostic, path: Path | None = None) -> None:
        self.diagnostics.append(diagnostic)
        if path is not None:
            self.faulty.add(path)

    def _stop(self, event: Any, code: str, message: str, hint: str) -> bool:
        span = Span(self.file, *start_of(event), *end_of(event))
        self._report(Diagnostic(code, span, message, hint))
        return False

    def _span(self, node: Node) -> Span:
        return Span(self.file, *node.start, *node.end)


_HANDLERS: dict[type[Any], Callable[[Builder, Any], bool | None]] = {
    yaml.DocumentStartEvent: Builder._document_start,
    yaml.ScalarEvent: Builder._scalar,
    yaml.AliasEvent: Builder._alias,
    yaml.MappingStartEvent: Builder._open,
    yaml.SequenceStartEvent: Builder._open,
    yaml.MappingEndEvent: Builder._close,
    yaml.SequenceEndEvent: Builder._close,
}
