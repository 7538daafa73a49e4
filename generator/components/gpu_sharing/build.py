"""From a profile's GPUs to the chart's values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.components.fields import Toleration
from generator.components.gpu_sharing.dra import Dra, DraClaim
from generator.components.gpu_sharing.plugin import Mps, PluginConfig, TimeSlicing
from generator.components.gpu_sharing.values import (
    GpuSharingValues,
    Mig,
    MigDevices,
    Reader,
    RuntimeClass,
    Test,
)
from generator.components.lean import lean
from generator.components.shared import RUNTIME_CLASS, build_global
from generator.profile.gpu_sharing import (
    DEFAULT,
    generated_slices,
    has_plugin,
    plain_resources,
    plugin_nodes,
    sharing_of,
    sharings,
    uses_dra,
)

if TYPE_CHECKING:
    from generator.profile.gpu import Sharing
    from generator.profile.model import Profile

OPERATOR_API = "nvidia.com/v1/ClusterPolicy"
READERS = {
    "gpu-operator": Reader(namespace="gpu-operator", api=OPERATOR_API),
    # The plugin's chart brings no API that shows it is there: a namespace that every cluster has.
    "device-plugin": Reader(namespace="kube-system"),
}
"""Where the base layer installs what advertises the GPUs."""
CONFIG_MAP = "labhelm-device-plugin-configs"
MIG_CONFIG_MAP = "labhelm-mig-layouts"


def build(profile: Profile) -> GpuSharingValues:
    """`enabled=False` when no GPU is advertised by NVIDIA's plugin or driver."""
    shared, nodes = build_global(profile), plugin_nodes(profile)
    dra = _dra(profile)
    if not (nodes or dra.enabled):
        return GpuSharingValues(enabled=False, global_=shared)
    return GpuSharingValues(
        global_=shared,
        reader=READERS.get(profile.gpu.advertised_by, Reader()),
        config_map=CONFIG_MAP if nodes else "",
        configs={name: plugin_config(profile, one) for name, one in sharings(profile).items()}
        if nodes
        else {},
        nodes={node.name: node.gpus.config for node in nodes if node.gpus and node.gpus.config},
        mig=_mig(profile),
        runtime_class=RuntimeClass(create=_makes_runtime_class(profile)),
        test=_test(profile),
        dra=dra,
    )


def plugin_config(profile: Profile, sharing: Sharing) -> PluginConfig:
    """A sharing in the plugin's words."""
    mig = sharing.strategy == "mig"
    found = PluginConfig(mig_strategy=sharing.mig_strategy if mig else "none")
    if sharing.replicas is None or sharing.strategy == "none":
        return found
    common = {
        "replicas": dict.fromkeys(plain_resources(profile, sharing), sharing.replicas),
        "rename_by_default": sharing.rename,
        "fail_requests_greater_than_one": not sharing.allow_several,
    }
    part = (
        {"mps": lean(Mps, **common)}
        if sharing.strategy == "mps"
        else {"time_slicing": lean(TimeSlicing, **common)}
    )
    return found.model_copy(update=part)


def _mig(profile: Profile) -> Mig:
    """Nothing without own layouts; else all that nodes use, and the MIG manager's default."""
    own = profile.gpu.mig_layouts
    if not own or not plugin_nodes(profile):
        return Mig()
    layouts = {"all-disabled": [MigDevices()], **_used_layouts(profile)}
    for name, parts in own.items():
        layouts[name] = [lean(MigDevices, devices=list(p.devices), slices=dict(p.slices)) for p in parts]
    return Mig(config_map=MIG_CONFIG_MAP, layouts=layouts)


def _used_layouts(profile: Profile) -> dict[str, list[MigDevices]]:
    """The layouts of the MIG manager's own that nodes name: with a ConfigMap of ours it makes none."""
    found = {}
    for node in plugin_nodes(profile):
        sharing = sharing_of(profile, node)
        if node.gpus and sharing.strategy == "mig" and sharing.profile:
            slices = {size: count for size, count in generated_slices(sharing.profile, node.gpus) if size}
            found[sharing.profile] = [lean(MigDevices, slices=slices)]
    return found


def _makes_runtime_class(profile: Profile) -> bool:
    """The operator, k3s and RKE2 make it themselves, and Helm cannot take it from them."""
    named = build_global(profile).gpu.runtime_class_name == RUNTIME_CLASS
    return (
        named and profile.gpu.advertised_by == "device-plugin" and profile.cluster.distribution == "kubeadm"
    )


def _test(profile: Profile) -> Test:
    """It may run wherever a GPU is, tainted nodes included."""
    taints = {taint for node in profile.nodes if has_plugin(profile, node) for taint in node.taints}
    own = [lean(Toleration, key=taint.key, effect=taint.effect) for taint in sorted(taints, key=str)]
    return Test(
        enabled=any(map(profile.is_schedulable, plugin_nodes(profile))),
        tolerations=[*Test().tolerations, *own],
    )


def _dra(profile: Profile) -> Dra:
    wish = profile.gpu.experimental.dra
    if wish is None or not any(uses_dra(profile, node) for node in profile.nodes):
        return Dra()
    claims = {
        name: lean(DraClaim, product=one.product or "", sharing=one.sharing, interval=one.interval)
        for name, one in wish.claims.items()
    }
    return Dra(enabled=True, claims=claims, namespaces=list(profile.team_namespaces.values()))


__all__ = ["CONFIG_MAP", "DEFAULT", "MIG_CONFIG_MAP", "OPERATOR_API", "READERS", "build", "plugin_config"]
