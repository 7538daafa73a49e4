"""KUB102: two PodDefaults have one name."""

from __future__ import annotations

from collections.abc import Iterator

from generator.components.poddefaults.made import Made, pod_defaults
from generator.profile.model import Profile
from generator.rules.base import Finding, Names


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding for each name that an earlier one has; the later one would replace it."""
    first: dict[str, Made] = {}
    for made in pod_defaults(profile):
        if made.name in first:
            earlier = first[made.name].path
            yield Finding(
                made.path,
                f"there is a PodDefault {made.name} already",
                "choose another name",
                related=((earlier, "the first one comes from here"),),
            )
        first.setdefault(made.name, made)
