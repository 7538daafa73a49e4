"""What all charts of a platform share, from its profile: the umbrella's `global`."""

from __future__ import annotations

from generator.components.base import Global, GpuNames, NodeLabel, NodeLabels
from generator.profile.gpu_sharing import resource_name
from generator.profile.model import Profile

RUNTIME_CLASS = "nvidia"


def build_global(profile: Profile) -> Global:
    """Registry, pull secrets, node labels and how pods ask for a GPU."""
    scheme = profile.cluster.labels
    return Global(
        image_registry=profile.registry or "",
        image_pull_secrets=list(profile.pull_secrets),
        node_labels=NodeLabels(
            system=NodeLabel(key=scheme.system.key, value=scheme.system.value),
            build=NodeLabel(key=scheme.build.key, value=scheme.build.value),
        ),
        gpu=GpuNames(resource_name=resource_name(profile), runtime_class_name=_runtime_class(profile)),
    )


def _runtime_class(profile: Profile) -> str:
    """Pods name it unless nvidia is containerd's default runtime, or nothing of NVIDIA's is installed."""
    has_gpus = any(node.gpus for node in profile.nodes)
    wanted = has_gpus and not profile.gpu.default_runtime and profile.gpu.advertised_by != "none"
    return RUNTIME_CLASS if wanted else ""
