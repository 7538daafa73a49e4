"""Changes that Kubernetes would refuse, or that would leave data behind: one module each."""

from __future__ import annotations

from collections.abc import Iterator

from generator.diagnostics import Diagnostic
from generator.profile.loader import load
from generator.profile.model import Profile
from generator.profile.yaml_document import path_text
from generator.upgrades import (
    claim_fixed,
    claim_place,
    claim_size,
    class_fixed,
    homes,
    team_namespace,
    volume_source,
)
from generator.upgrades.base import Change, UpgradeRule, Values

UPGRADE_RULES: tuple[UpgradeRule, ...] = (
    UpgradeRule("UPG101", volume_source.check),
    UpgradeRule("UPG102", claim_fixed.check),
    UpgradeRule("UPG103", claim_place.check),
    UpgradeRule("UPG104", claim_size.check),
    UpgradeRule("UPG105", class_fixed.check),
    UpgradeRule("UPG106", team_namespace.check),
    UpgradeRule("UPG107", homes.check),
)
"""All of them by code. A code is never used again for something else."""


def upgrade_diagnostics(
    old: Values, new: Values, profile: Profile, file: str, text: str
) -> Iterator[Diagnostic]:
    """What is wrong with going from the old values to the new ones, at its place in the profile's text."""
    document = load(file, text.encode()).tree
    assert document is not None  # a profile came of it
    change = Change(old, new, profile)
    for rule in UPGRADE_RULES:
        for found in rule.check(change):
            yield Diagnostic(
                rule.code,
                document.span(found.path, key=found.on_key),
                found.message,
                found.hint,
                path_text(found.path),
            )
