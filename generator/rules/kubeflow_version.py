"""BAS105: a release of Kubeflow that the base layer does not have."""

from __future__ import annotations

from collections.abc import Iterator

from generator.base.names import KUBEFLOW_VERSIONS
from generator.profile.model import Profile
from generator.rules.base import Finding, Names


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding for a version whose manifests are not pinned here."""
    if profile.kubeflow and profile.kubeflow.version not in KUBEFLOW_VERSIONS:
        known = " or ".join(KUBEFLOW_VERSIONS)
        yield Finding(
            ("kubeflow", "version"),
            f"the base layer has no manifests of Kubeflow {profile.kubeflow.version}",
            f"write version: {known}, or install Kubeflow yourself and add kubeflow to base.installed",
        )
