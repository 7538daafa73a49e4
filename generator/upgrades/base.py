"""The contract of an upgrade rule: values that were generated before, and those of the profile now."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from generator.profile.model import Profile
from generator.rules.base import Finding
from generator.upgrades.held import Held, held

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Change:
    """Values of the umbrella, as they are in the file or the release, and as they would be."""

    old: Values
    new: Values
    profile: Profile

    @cached_property
    def before(self) -> dict[str, Held]:
        """What held data so far, by the volume's name in the profile."""
        return held(self.old)

    @cached_property
    def after(self) -> dict[str, Held]:
        """What will hold data."""
        return held(self.new)

    @cached_property
    def same_claims(self) -> list[tuple[Held, Held]]:
        """Claims that are there before and after, also where the profile calls their volume otherwise now."""
        by_place = {one.place: one for one in self.before.values()}
        return [(by_place[one.place], one) for one in self.after.values() if one.place in by_place]


Check = Callable[[Change], Iterator[Finding]]


@dataclass(frozen=True)
class UpgradeRule:
    """A row of UPGRADE_RULES; its text is the .md beside the module of `check`."""

    code: str
    check: Check
