"""One error of pydantic in plain words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from generator.diagnostics import Diagnostic
from generator.diagnostics.secrets import shown
from generator.diagnostics.suggest import did_you_mean
from generator.profile.structure_types import Located, aliases, bare, is_model, literals, union_members
from generator.profile.structure_words import expected_by, found, join_or, not_allowed, plain
from generator.profile.yaml_document import Document, path_text

_CODE = re.compile(r"[A-Z]\d{3}")
_QUOTED = re.compile(r"'([^']*)'")
_MOST_KEYS_LISTED = 20


@dataclass(frozen=True)
class Fault:
    """One error of pydantic with its place in the file."""

    document: Document
    type: str
    message: str
    context: Mapping[str, Any]
    at: Located
    synonyms: Mapping[str, str]

    @property
    def value(self) -> Any:
        """What stands in the file there."""
        node = self.document.node(self.at.path)
        return node.value if node else None

    @property
    def where(self) -> str:
        """The place in a message."""
        return shown(path_text(self.at.path)) or "the profile"

    def report(self, code: str, message: str, hint: str = "", *, key: bool = False) -> Diagnostic:
        """A diagnostic at the place of this fault."""
        span = self.document.span(self.at.path, key=key or self.at.is_key)
        return Diagnostic(code, span, message, hint, path_text(self.at.path))


def diagnostic(fault: Fault) -> Diagnostic:
    """The fault in plain words, at its place, with what to do."""
    special = _SPECIAL.get(fault.type)
    if special:
        return special(fault)
    if "error" in fault.context and fault.type in ("value_error", "assertion_error"):
        return fault.report("S004", f"{fault.where}: {fault.context['error']}")
    if _CODE.fullmatch(fault.type) or "hint" in fault.context:
        return _custom(fault)
    kind = expected_by(fault.type)
    if kind:
        return wrong_kind(fault, kind)
    return _not_allowed(fault)


def _custom(fault: Fault) -> Diagnostic:
    below = fault.context.get("at", ())
    path = (*fault.at.path, *((below,) if isinstance(below, str | int) else below))
    there = replace(fault, at=replace(fault.at, path=path))
    code = fault.type if _CODE.fullmatch(fault.type) else "S004"
    return there.report(code, f"{there.where}: {fault.message}", str(fault.context.get("hint", "")))


def _unknown_key(fault: Fault) -> Diagnostic:
    key = str(fault.at.path[-1])
    known = list(aliases(fault.at.parent)) if is_model(fault.at.parent) else []
    guess = did_you_mean(key, known, fault.synonyms)
    listed = ", ".join(known[:_MOST_KEYS_LISTED]) + (", ..." if len(known) > _MOST_KEYS_LISTED else "")
    hint = f"did you mean {guess}?" if guess else f"the keys here are {listed}" if known else "delete it"
    place = path_text(fault.at.path[:-1])
    message = f'unknown key "{shown(key)}"' + (f" in {shown(place)}" if place else "")
    return fault.report("S001", message, hint, key=True)


def _missing_key(fault: Fault) -> Diagnostic:
    key = str(fault.at.path[-1])
    place = shown(path_text(fault.at.path[:-1])) or "the profile"
    hint = f"add {key}:{_example(fault)}{_described(fault)}"
    return fault.report("S002", f'{place} has no "{key}"', hint, key=True)


def wrong_kind(fault: Fault, kind: str) -> Diagnostic:
    """S003: another kind of value is wanted."""
    message = f"{fault.where}: expected {kind}, found {found(fault.value, fault.at.path)}"
    return fault.report("S003", message, _kind_hint(fault, kind))


def _kind_hint(fault: Fault, kind: str) -> str:
    name, value = fault.at.path[-1] if fault.at.path else "", fault.value
    word = fault.document.word(fault.at.path)
    if value is None:
        sign = "dash" if isinstance(name, int) else "colon"
        return f"write a value after the {sign}, or delete the line{_described(fault)}"
    if kind == "text" and isinstance(value, int | float):
        return f'put it in quotes: "{shown(word)}"'
    if kind.startswith("a list") and isinstance(value, str | int | float):
        return "a list of one is written [value], or as a line below that starts with a dash"
    if kind.startswith("a list") and isinstance(value, dict):
        return 'each entry of the list starts with a dash: "- "'
    if kind == "a block of keys":
        return _block_hint(fault, name)
    return f"for example {name}:{_example(fault)}" if _example(fault) else ""


def _block_hint(fault: Fault, name: str | int) -> str:
    if isinstance(name, str):
        return f"write its keys below {name}:, indented; one `key: value` per line" if name else ""
    keys = (
        [key for key, info in aliases(fault.at.kind).items() if info.is_required()]
        if is_model(fault.at.kind)
        else []
    )
    return (
        "each entry has keys of its own: - {" + ", ".join(f"{key}: ..." for key in keys) + "}" if keys else ""
    )


def _not_allowed(fault: Fault) -> Diagnostic:
    message = f"{fault.where}: {_value(fault)} {shown(not_allowed(fault.type, fault.context))}"
    example = _example(fault)
    hint = (
        f"for example {fault.at.path[-1]}:{example}{_described(fault)}" if example and fault.at.path else ""
    )
    return fault.report("S004", message, hint)


def _not_an_option(fault: Fault) -> Diagnostic:
    options = [plain(option) for option in literals(fault.at.kind)]
    options = options or _QUOTED.findall(str(fault.context.get("expected", "")))
    message = f"{fault.where}: {_value(fault)} is not known; use {join_or(options)}"
    return fault.report("S004", message, _option_hint(fault, str(fault.value), options))


def _option_hint(fault: Fault, word: str, options: list[str]) -> str:
    written = fault.document.word(fault.at.path)
    if written in options and not isinstance(fault.value, str):
        return f'put it in quotes: "{written}"'
    has_letters = any(char.isalpha() for char in word)  # 1.30 is no slip of the pen for 1.34
    guess = did_you_mean(word, options, fault.synonyms) if has_letters else ""
    return f"did you mean {guess}?" if guess else ""


def _unknown_form(fault: Fault) -> Diagnostic:
    there = _at_discriminator(fault)
    options = _QUOTED.findall(str(fault.context.get("expected_tags", "")))
    message = f"{there.where}: {_value(there)} is not known; use {join_or(options)}"
    return there.report("S005", message, _option_hint(there, str(there.value), options))


def _no_form(fault: Fault) -> Diagnostic:
    there = _at_discriminator(fault)
    tags = [str(tag) for tag in _tags(fault.at.kind, there.at.path[-1])]
    hint = f"add {there.at.path[-1]}: {join_or(tags)}" if tags else ""
    place = shown(path_text(fault.at.path)) or "the profile"
    return there.report(
        "S005", f'{place} has no "{there.at.path[-1]}", which decides on the other keys', hint
    )


def _tags(kind: Any, key: str | int) -> Iterator[Any]:
    for member in union_members(kind):
        info = aliases(member).get(str(key)) if is_model(member) else None
        yield from literals(bare(info.annotation)) if info else ()


def _at_discriminator(fault: Fault) -> Fault:
    names = _QUOTED.findall(str(fault.context.get("discriminator", "")))
    path = (*fault.at.path, *names[:1])
    return replace(fault, at=replace(fault.at, path=path))


def _value(fault: Fault) -> str:
    """The value as it is written: 1.30, not 1.3."""
    words = found(fault.value, fault.at.path)
    if words.startswith("the number "):
        return shown(fault.document.word(fault.at.path))
    return words.removeprefix("text ")


def _example(fault: Fault) -> str:
    examples = fault.at.field.examples if fault.at.field else None
    return f" {plain(examples[0])}" if examples and isinstance(examples[0], str | int | float) else ""


def _described(fault: Fault) -> str:
    text = fault.at.field.description if fault.at.field else None
    return f" ({text.rstrip('.')})" if text else ""


_SPECIAL: Mapping[str, Callable[[Fault], Diagnostic]] = {
    "extra_forbidden": _unknown_key,
    "unexpected_keyword_argument": _unknown_key,
    "missing": _missing_key,
    "missing_argument": _missing_key,
    "missing_keyword_only_argument": _missing_key,
    "literal_error": _not_an_option,
    "enum": _not_an_option,
    "union_tag_invalid": _unknown_form,
    "union_tag_not_found": _no_form,
}
