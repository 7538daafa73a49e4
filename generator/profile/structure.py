"""Errors of the profile's model as diagnostics: at their place, in plain words, with what to do.

Codes: S001 unknown key, S002 missing key, S003 wrong kind of value, S004 value not allowed,
S005 no such form (a discriminator, or keys that decide between forms). A validator may raise
`PydanticCustomError(code, message, {"hint": ..., "at": key or path below})` with a code of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from pydantic import BaseModel, ValidationError

from generator.diagnostics import Diagnostic, sort_unique
from generator.diagnostics.secrets import HIDDEN, literal_secrets
from generator.diagnostics.suggest import SYNONYMS
from generator.profile.structure_messages import Fault, diagnostic, wrong_kind
from generator.profile.structure_types import locate
from generator.profile.structure_unions import chosen_labels
from generator.profile.structure_words import expected_kind, join_or
from generator.profile.yaml_document import Document, Path


def structure_diagnostics(
    document: Document,
    error: ValidationError,
    model: type[BaseModel],
    synonyms: Mapping[str, str] = SYNONYMS,
) -> tuple[Diagnostic, ...]:
    """All errors of `model.model_validate(document.value)`, without those the loader has reported."""
    faults = [
        Fault(
            document,
            raw["type"],
            raw["msg"],
            raw.get("ctx") or {},
            locate(model, raw["loc"], document.value),
            synonyms,
        )
        for raw in error.errors(include_url=False)
    ]
    faults = [fault for fault in faults if not _is_reported(document, fault.at.path)]
    diagnostics = [*_of_no_branch(faults), *(diagnostic(fault) for fault in _of_chosen_branches(faults))]
    secrets = literal_secrets(document)
    return sort_unique(_scrubbed(item, secrets) for item in _without_consequences(diagnostics))


def _is_reported(document: Document, path: Path) -> bool:
    return any(path[:length] in document.faulty for length in range(len(path) + 1))


def _labels(faults: list[Fault]) -> Mapping[Any, Any]:
    def value_at(path: Path) -> Any:
        node = faults[0].document.node(path)
        return node.value if node else None

    return chosen_labels((choice for fault in faults for choice in fault.at.choices), value_at)


def _of_chosen_branches(faults: list[Fault]) -> list[Fault]:
    labels = _labels(faults)
    return [f for f in faults if all(labels[choice.prefix] == choice.label for choice in f.at.choices)]


def _of_no_branch(faults: list[Fault]) -> Iterator[Diagnostic]:
    """One diagnostic for each union whose branches all want another kind of value."""
    labels = _labels(faults)
    for fault in faults:
        for index, choice in enumerate(fault.at.choices):
            outer = fault.at.choices[:index]
            if labels[choice.prefix] is None and all(labels[o.prefix] == o.label for o in outer):
                kinds = join_or(dict.fromkeys(expected_kind(member) for member in choice.members))
                at = replace(fault.at, path=choice.path)
                yield wrong_kind(replace(fault, at=at), kinds)
                break


def _without_consequences(diagnostics: list[Diagnostic]) -> Iterator[Diagnostic]:
    """Leave out "has no address" where "did you mean address?" is said of a key beside it."""
    meant = {
        (item.path.rpartition(".")[0], item.hint.removeprefix("did you mean ").removesuffix("?"))
        for item in diagnostics
        if item.code == "S001" and item.hint.startswith("did you mean ")
    }
    for item in diagnostics:
        place, _, key = item.path.rpartition(".")
        if item.code != "S002" or (place, key) not in meant:
            yield item


def _scrubbed(item: Diagnostic, secrets: tuple[str, ...]) -> Diagnostic:
    message, hint = item.message, item.hint
    for secret in secrets:
        message, hint = message.replace(secret, HIDDEN), hint.replace(secret, HIDDEN)
    return replace(item, message=message, hint=hint)
