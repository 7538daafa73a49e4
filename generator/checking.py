"""From the bytes of a profile to a typed Profile, or to all that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from generator.diagnostics import Diagnostic, Related, Severity, sort_unique
from generator.diagnostics.secrets import secret_diagnostics
from generator.overriding import override_diagnostics
from generator.profile.loader import load
from generator.profile.model import Profile
from generator.profile.structure import structure_diagnostics
from generator.profile.yaml_document import Document, path_text
from generator.profile.yaml_source import source_text
from generator.pruning import Pruned, prune
from generator.rules import RULES, Finding, Names, Rule


@dataclass(frozen=True)
class Checked:
    """A profile file and what was found in it; `profile` is there only when nothing is an error."""

    file: str
    text: str
    profile: Profile | None
    diagnostics: tuple[Diagnostic, ...]

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """The diagnostics that stop a command."""
        return tuple(found for found in self.diagnostics if found.severity is Severity.ERROR)


def check_file(path: Path, shown: str) -> Checked:
    """Check the profile at `path`; messages call it `shown`. Raises OSError when it cannot be read."""
    checked = check_bytes(path.read_bytes(), shown)
    if checked.profile is None or checked.profile.name == path.stem:
        return checked
    return replace(checked, profile=None, diagnostics=(_other_name(checked, path.stem), *checked.diagnostics))


def _other_name(checked: Checked, stem: str) -> Diagnostic:
    """Outputs are named after the profile: with other names inside, two files could write the same ones."""
    tree = load(checked.file, checked.text.encode()).tree
    assert tree is not None  # a profile came of it
    name = tree.value["name"]
    return Diagnostic(
        "S006",
        tree.span(("name",)),
        f"the name is {name!r}, the file is called {stem!r}",
        f"write name: {stem}, or rename the file to {name}.yaml",
        "name",
    )


def check_bytes(data: bytes, file: str) -> Checked:
    """Check a profile's text: loader, secrets, structure, overrides and rules, all in one run."""
    loaded = load(file, data)
    text = source_text(data)
    document = loaded.tree
    if document is None:
        return Checked(file, text, None, sort_unique(loaded.diagnostics))
    found = [*loaded.diagnostics, *secret_diagnostics(document)]
    profile, pruned = None, Pruned()
    try:
        profile = Profile.model_validate(document.value, by_alias=True, by_name=False)
    except ValidationError as error:
        found += structure_diagnostics(document, error, Profile)
        pruned = prune(document.value, error)
    whole = profile or pruned.profile
    if whole is not None:
        found += run_rules(whole, document, pruned)
        found += override_diagnostics(whole, document)
    diagnostics = sort_unique(_without_shadowed(found))
    stopped = any(one.severity is Severity.ERROR for one in diagnostics)
    return Checked(file, text, None if stopped else profile, diagnostics)


def run_rules(profile: Profile, document: Document, pruned: Pruned) -> Iterator[Diagnostic]:
    """All findings of the rules whose sections are sound, as diagnostics."""
    names = defined_names(document.value)
    for rule in RULES:
        if not pruned.sections.intersection(rule.needs):
            for finding in rule.check(profile, names):
                yield _diagnostic(rule, finding, document, pruned)


def defined_names(value: Any) -> Names:
    """The names in the raw file, so that a fault inside a team does not also make it unknown."""
    return Names(
        nodes=_item_names(_at(value, "nodes")),
        teams=_item_names(_at(value, "teams")),
        classes=_keys(_at(value, "storage", "classes")),
        volumes=_keys(_at(value, "storage", "volumes")),
        gpu_configs=_keys(_at(value, "gpu", "configs")),
        node_groups=_keys(_at(value, "nodePrep", "groups")),
    )


def _at(value: Any, *keys: str) -> Any:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _keys(value: Any) -> tuple[str, ...]:
    return tuple(str(key) for key in value) if isinstance(value, dict) else ()


def _item_names(value: Any) -> tuple[str, ...]:
    items = value if isinstance(value, list) else []
    return tuple(str(item["name"]) for item in items if isinstance(item, dict) and "name" in item)


def _diagnostic(rule: Rule, finding: Finding, document: Document, pruned: Pruned) -> Diagnostic:
    related = tuple(Related(document.span(pruned.original(path)), text) for path, text in finding.related)
    path = pruned.original(finding.path)
    return Diagnostic(
        code=rule.code,
        span=document.span(path, key=finding.on_key),
        message=finding.message,
        hint=finding.hint,
        path=path_text(path),
        severity=rule.severity,
        related=related,
    )


def _without_shadowed(found: list[Diagnostic]) -> list[Diagnostic]:
    """A plain secret says all there is to say of its place; the unknown key beneath it adds nothing."""
    secret = {one.path for one in found if one.code == "S010"}
    return [one for one in found if one.code == "S010" or one.path not in secret]
