"""NVIDIA's device plugin without the operator, with GPU feature discovery."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.base.images import Image
from generator.base.model import Chart, Entry, Namespace, Rollout, Values
from generator.base.ours import gpu_sharing_values
from generator.base.waves import SYSTEM
from generator.components.gpu_sharing.base_values import plugin_settings
from generator.components.gpu_sharing.build import READERS
from generator.components.shared import RUNTIME_CLASS
from generator.profile.gpu_sharing import plugin_nodes

if TYPE_CHECKING:
    from generator.profile.model import Profile

_REPOSITORY = "nvcr.io/nvidia/k8s-device-plugin"
_NFD = "registry.k8s.io/nfd/node-feature-discovery"


def enabled(profile: Profile) -> bool:
    """Whether the bare plugin advertises GPUs of this profile."""
    return profile.gpu.advertised_by == "device-plugin" and bool(plugin_nodes(profile))


def build(profile: Profile) -> Values:
    """Values for the chart."""
    settings = plugin_settings(profile, gpu_sharing_values(profile))
    return {
        "config": {"name": settings.config_map, "default": settings.default_config},
        "gfd": {"enabled": True},
        "runtimeClassName": runtime_class(profile),
        "nvidiaDriverRoot": profile.gpu.driver_root,
        "podAnnotations": {"labhelm.io/gpu-sharing": settings.checksum},
    }


def runtime_class(profile: Profile) -> str:
    """Pods of NVIDIA's own need the runtime as well."""
    return "" if profile.gpu.default_runtime else RUNTIME_CLASS


ENTRY = Entry(
    name="nvidia-device-plugin",
    title="NVIDIA device plugin",
    source=Chart("https://nvidia.github.io/k8s-device-plugin", "nvidia-device-plugin", "0.20.0"),
    namespace=Namespace(READERS["device-plugin"].namespace, "privileged", shared=True),
    wave=SYSTEM.number,
    licence="Apache-2.0",
    enabled=enabled,
    values=build,
    images=(
        Image(f"{_REPOSITORY}:v0.20.0", "image.repository", _REPOSITORY),
        Image(f"{_NFD}:v0.19.0", "nfd.image.repository", _NFD),
    ),
    ready=(Rollout(("daemonset/nvidia-device-plugin",)),),
    defaults="nvidia-device-plugin-0.20.0.values.yaml",
    optional=("nfd.image.repository",),
    traps=(
        "Without `gfd.enabled` no node has the labels that it selects nodes by.",
        "It reads its ConfigMap once: another content needs other pods, so they carry its checksum.",
        "Never beside the GPU operator, which brings it.",
    ),
)
