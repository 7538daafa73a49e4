"""TRN102: queues without teams, or for jobs that Kueue does not look at."""

from __future__ import annotations

from collections.abc import Iterator

from generator.profile.model import Profile
from generator.rules.base import Finding, Names


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding for queues that nobody can use."""
    training = profile.training
    if training is None or not training.queues:
        return
    if not names.teams:
        yield Finding(("training", "queues"), "there is a queue for each team, and no team", "add teams")
    if training.operator == "training-operator-v1":
        yield Finding(
            ("training", "queues"),
            "Kueue from 0.19 on leaves jobs of training-operator-v1 alone: they start at once",
            "use operator: trainer-v2, or queues: false",
            related=((("training", "operator"), "training-operator-v1"),),
        )
