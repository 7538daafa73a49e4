"""`overrides.<chart>` of a profile: laid over the chart's values, checked by the chart's own model."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from generator.components import COMPONENTS, node_prep
from generator.components.shared import build_global
from generator.diagnostics import Diagnostic
from generator.diagnostics.suggest import did_you_mean
from generator.model import Model
from generator.output.yaml_text import plain
from generator.profile.model import Profile
from generator.profile.structure import structure_diagnostics
from generator.profile.yaml_document import Document

Builder = Callable[[Profile], Model]

BUILDERS: Mapping[str, Builder] = {
    "global": build_global,
    **{component.name: component.build for component in COMPONENTS},
}
"""Top-level keys of the umbrella's values, and what makes each of them from a profile."""
ALL_BUILDERS: Mapping[str, Builder] = {**BUILDERS, node_prep.name: node_prep.build}
"""Also the charts that are releases of their own."""


def build_values(name: str, profile: Profile) -> Model:
    """Values of one chart, overrides included. Raises ValidationError for a wrong override."""
    built = ALL_BUILDERS[name](profile)
    override = profile.overrides.get(name)
    return (
        type(built).model_validate(overlay(plain(built), override), by_alias=True, by_name=False)
        if override
        else built
    )


def overlay(base: Mapping[str, Any], override: Mapping[str, Any]) -> dict[str, Any]:
    """`override` over `base` as Helm lays values files: maps merge, everything else replaces."""
    merged = dict(base)
    for key, value in override.items():
        below = merged.get(key)
        both = isinstance(below, Mapping) and isinstance(value, Mapping)
        merged[key] = overlay(below, value) if both and isinstance(below, Mapping) else value
    return merged


def override_diagnostics(profile: Profile, document: Document) -> Iterator[Diagnostic]:
    """What is wrong with the overrides, at their places in the profile."""
    for name in profile.overrides:
        if name not in ALL_BUILDERS:
            yield _unknown_chart(name, tuple(ALL_BUILDERS), document)
            continue
        try:
            build_values(name, profile)
        except ValidationError as error:
            model = type(ALL_BUILDERS[name](profile))
            yield from _at_place(document, error, model, name)


def _at_place(
    document: Document, error: ValidationError, model: type[Model], name: str
) -> Iterator[Diagnostic]:
    """The chart's model knows nothing of the profile around it: look below, then give the whole path."""
    prefix = ("overrides", name)
    node = document.node(prefix)
    if node is None:
        return
    below = Document(document.file, node)
    for found in structure_diagnostics(below, error, model):
        yield replace(found, path=f"overrides.{name}.{found.path}".rstrip("."))


def _unknown_chart(name: str, known: tuple[str, ...], document: Document) -> Diagnostic:
    guess = did_you_mean(name, known)
    return Diagnostic(
        code="S001",
        span=document.span(("overrides", name), key=True),
        message=f"there is no chart {name!r}",
        hint=f"did you mean {guess}?" if guess else f"the charts are {', '.join(sorted(known))}",
        path=f"overrides.{name}",
    )
