"""MON102: GPUs shall be watched, and nothing exports their metrics."""

from __future__ import annotations

from collections.abc import Iterator

from generator.components.monitoring_labels import exporter_of
from generator.profile.model import Profile
from generator.rules.base import Finding, Names


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding when no exporter comes with what advertises the GPUs, and none is named."""
    wish = profile.monitoring
    if wish is None or wish.exporter or exporter_of(profile.gpu):
        return
    if any(node.gpus for node in profile.nodes):
        yield Finding(
            ("monitoring",),
            f"nothing exports GPU metrics with gpu.advertisedBy: {profile.gpu.advertised_by}",
            "name your DCGM exporter: monitoring.exporter: {namespace: ...}",
            on_key=True,
            related=((("gpu", "advertisedBy"), "the GPUs are advertised by something of your own"),),
        )
