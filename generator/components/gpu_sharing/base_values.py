"""What the base layer must tell the operator or the plugin's chart, so that they agree with this chart."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from generator.components.gpu_sharing.values import GpuSharingValues
from generator.output.yaml_text import plain
from generator.profile.gpu_sharing import is_shared, mig_strategy, plugin_nodes, resources_of, sharing_of

if TYPE_CHECKING:
    from generator.profile.model import Profile


@dataclass(frozen=True)
class PluginSettings:
    """Settings of whatever runs the device plugin.

    `checksum` changes with the configurations' content: the plugin reads a ConfigMap once and watches nothing
    but the node's label, so its pods have to carry this to be replaced.
    """

    namespace: str
    config_map: str
    default_config: str
    mig_strategy: str
    mig_config_map: str
    checksum: str


def plugin_settings(profile: Profile, values: GpuSharingValues) -> PluginSettings:
    """Settings for the profile whose chart has these `values`, overrides included."""
    content = json.dumps([plain(values.configs), plain(values.mig)], sort_keys=True)
    return PluginSettings(
        namespace=values.reader.namespace,
        config_map=values.config_map,
        default_config=values.default_config,
        mig_strategy=mig_strategy(profile),
        mig_config_map=values.mig.config_map if values.mig.layouts else "",
        checksum=sha256(content.encode()).hexdigest()[:16],
    )


def exporter_env(profile: Profile) -> dict[str, str]:
    """Environment of the DCGM exporter, without which it shows no pod for a slice.

    Source: NVIDIA/dcgm-exporter, internal/pkg/transformation/kubernetes.go.
    """
    used = [sharing_of(profile, node) for node in plugin_nodes(profile)]
    env = {"KUBERNETES_VIRTUAL_GPUS": "true"} if any(map(is_shared, used)) else {}
    names = {name for one in used for name in resources_of(profile, one)}
    renamed = sorted(name for name in names if name.endswith(".shared"))
    return {**env, "NVIDIA_RESOURCE_NAMES": ",".join(renamed)} if renamed else env
