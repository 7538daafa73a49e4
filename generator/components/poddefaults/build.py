"""From a profile's `kubeflow` section to the chart's values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.components.poddefaults.made import pod_defaults
from generator.components.poddefaults.values import GpuRuntime, Later, PodDefaultsValues
from generator.components.shared import build_global

if TYPE_CHECKING:
    from generator.profile.model import Profile


def build(profile: Profile) -> PodDefaultsValues:
    """`enabled=False` without Kubeflow."""
    shared = build_global(profile)
    if profile.kubeflow is None:
        return PodDefaultsValues(enabled=False, global_=shared)
    return PodDefaultsValues(
        global_=shared,
        namespaces=sorted(profile.team_namespaces.values()),
        pod_defaults={made.name: made.values for made in pod_defaults(profile)},
        later=Later(enabled=_may_act_everywhere(profile)),
        gpu_runtime=GpuRuntime(enabled=bool(shared.gpu.runtime_class_name) and _may_act_everywhere(profile)),
    )


def _may_act_everywhere(profile: Profile) -> bool:
    """Not with a deployer of limited rights: it cannot update what reaches into all namespaces."""
    deployer = profile.cluster.deployer
    return deployer is None or deployer.cluster_admin
