"""Values of our own charts that upstream's must agree with, overrides of the profile included."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.components.gpu_sharing.values import GpuSharingValues
from generator.components.jupyterhub_config.values import JupyterHubConfigValues
from generator.overriding import build_values

if TYPE_CHECKING:
    from generator.profile.model import Profile


def gpu_sharing_values(profile: Profile) -> GpuSharingValues:
    """Values of the chart gpu-sharing."""
    values = build_values("gpu-sharing", profile)
    assert isinstance(values, GpuSharingValues)
    return values


def jupyterhub_values(profile: Profile) -> JupyterHubConfigValues:
    """Values of the chart jupyterhub-config."""
    values = build_values("jupyterhub-config", profile)
    assert isinstance(values, JupyterHubConfigValues)
    return values
