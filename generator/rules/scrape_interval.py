"""MON101: GPU metrics are read too seldom for the alerts, or never."""

from __future__ import annotations

from collections.abc import Iterator

from generator.profile.durations import milliseconds
from generator.profile.model import Profile
from generator.rules.base import Finding, Names

LONGEST = 120_000
"""Milliseconds: the shortest window of an alert is five minutes, and a change needs two values in it."""
SHORTEST = 100
"""Milliseconds: the exporter itself collects no more often."""


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding when alerts could not see what they look for, or the exporter could not keep up."""
    wish = profile.monitoring
    if wish is None:
        return
    path = ("monitoring", "scrapeInterval")
    interval = milliseconds(wish.scrape_interval)
    if interval < SHORTEST:
        yield Finding(path, "the exporter collects no more often than every 100ms", "1s to 30s are usual")
    if wish.alerts and interval > LONGEST:
        yield Finding(
            path,
            "alerts look at five minutes, in which there would be one value or two",
            "2m at most; or alerts: false",
        )
