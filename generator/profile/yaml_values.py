"""What one scalar or one key means in a profile, and the faults that it can have."""

from __future__ import annotations

import re

from generator.diagnostics import Diagnostic, Span
from generator.diagnostics.secrets import is_secret_path, shown
from generator.profile.yaml_document import Node, Path, path_text
from generator.profile.yaml_scalars import Fault, Scalar, quoted, resolve

_STANDARD_TAG = "tag:yaml.org,2002:"
_INVISIBLE = re.compile("[\u00a0\u00ad\u200b-\u200f\u2060-\u2064\u3000]")


def read_scalar(span: Span, node: Node, path: Path) -> tuple[Scalar, Diagnostic | None]:
    """The value of a scalar; quoted and block scalars are always text."""
    if node.style:
        return node.word, None
    invisible = _INVISIBLE.search(node.word)
    if invisible:
        return node.word, _invisible(span, invisible.group(), path)
    resolved = resolve(node.word)
    if resolved.fault is None:
        return resolved.value, None
    return resolved.value, _fault(span, node.word, resolved.fault, path)


def read_key(span: Span, key: Node, parent: Path) -> tuple[str | None, Diagnostic | None]:
    """The name of a key, None if the pair cannot be kept, and what is wrong with the key."""
    if key.value is not None:
        return None, _collection_as_key(span, parent)
    if key.style:
        return key.word, None
    if key.word == "<<":
        hint = "write the keys out here; a profile is short enough for that"
        message = "the merge key << is not allowed in a profile"
        return None, Diagnostic("Y014", span, message, hint, path_text(parent))
    path = (*parent, key.word)
    invisible = _INVISIBLE.search(key.word)
    if invisible:
        return key.word, _invisible(span, invisible.group(), path)
    resolved = resolve(key.word)
    if resolved.fault or not isinstance(resolved.value, str):
        return key.word, _not_text(span, key.word, resolved.fault, path)
    return key.word, None


def tag_text(tag: str) -> str:
    """A tag as it stands in a file: `!!int`."""
    return shown(f"!!{tag.removeprefix(_STANDARD_TAG)}" if tag.startswith(_STANDARD_TAG) else tag)


def _fault(span: Span, word: str, fault: Fault, path: Path) -> Diagnostic:
    if is_secret_path(path):
        return Diagnostic(
            fault.code, span, f"this value {fault.message}", "put it in quotes", path_text(path)
        )
    return Diagnostic(fault.code, span, f"{shown(word)} {fault.message}", fault.hint, path_text(path))


def _not_text(span: Span, word: str, fault: Fault | None, path: Path) -> Diagnostic:
    if not word:
        return Diagnostic("Y013", span, "a key is missing before the colon", "write the key", path_text(path))
    code = fault.code if fault and fault.code == "Y010" else "Y013"
    message = fault.message if code == "Y010" and fault else "is not text, and a key is always text"
    hint = f"put the key in quotes: {quoted(word)}:"
    return Diagnostic(code, span, f"the key {shown(word)} {message}", hint, path_text(path))


def _collection_as_key(span: Span, parent: Path) -> Diagnostic:
    hint = 'quote text that starts with "{" or "["; a template such as {{ name }} is not filled in here'
    message = "a key is a mapping or a list, and a key is always text"
    return Diagnostic("Y013", span, message, hint, path_text(parent))


def _invisible(span: Span, character: str, path: Path) -> Diagnostic:
    name = "no-break space" if character == "\u00a0" else "invisible character"
    hint = "type it again: it often comes with text pasted from a document; in quotes it is allowed"
    return Diagnostic("Y004", span, f"{name} U+{ord(character):04X} in unquoted text", hint, path_text(path))
