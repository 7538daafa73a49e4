"""GPUs of a profile: resources, slices, labels, the plugin's configurations, and who must agree with them."""

from __future__ import annotations

from typing import Any

import pytest

from generator.components.dask import build as build_dask
from generator.components.gpu_sharing import build
from generator.components.gpu_sharing.base_values import exporter_env, plugin_settings
from generator.components.node_prep.build import build as build_node_prep
from generator.components.shared import build_global
from generator.profile.demand import gpu_slices
from generator.profile.gpu_sharing import advertised, feature_labels, mig_strategy, setup_labels
from generator.profile.model import Profile

A100 = {"product": "NVIDIA-A100-SXM4-40GB", "count": 2}
NODES = [
    {"name": "head", "role": "control-plane", "schedulable": True, "cpu": 8, "memory": "32Gi"},
    {
        "name": "kitt",
        "address": "10.0.0.2",
        "cpu": 8,
        "memory": "32Gi",
        "gpus": {"product": "Tesla-T4", "count": 1},
    },
    {"name": "karr", "cpu": 8, "memory": "32Gi", "gpus": A100},
]
HALF = [{"devices": [0], "slices": {"3g.20gb": 2}}, {"devices": [1]}]


def _profile(gpu: dict[str, Any], **more: Any) -> Profile:
    return Profile.model_validate({"name": "lab", "nodes": NODES, "gpu": gpu, **more})


def _shared(**sharing: Any) -> Profile:
    return _profile({"sharing": sharing})


CASES: dict[str, tuple[dict[str, Any], dict[str, int], dict[str, int], str]] = {
    "whole": ({}, {"nvidia.com/gpu": 1}, {"nvidia.com/gpu": 2}, "NVIDIA-A100-SXM4-40GB"),
    "turns": (
        {"strategy": "time-slicing", "replicas": 4},
        {"nvidia.com/gpu": 4},
        {"nvidia.com/gpu": 8},
        "NVIDIA-A100-SXM4-40GB-SHARED",
    ),
    "renamed": (
        {"strategy": "mps", "replicas": 4, "rename": True},
        {"nvidia.com/gpu.shared": 4},
        {"nvidia.com/gpu.shared": 8},
        "NVIDIA-A100-SXM4-40GB",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_nodes_offer_and_how_they_are_labelled(case: str) -> None:
    sharing, kitt, karr, label = CASES[case]
    profile = _shared(**sharing)
    assert [advertised(profile, node) for node in profile.nodes] == [{}, kitt, karr]
    assert feature_labels(profile, profile.nodes[2])["nvidia.com/gpu.product"] == label
    assert [gpu_slices(profile, node) for node in profile.nodes] == [0, *kitt.values(), *karr.values()]


@pytest.mark.parametrize(
    ("layout", "memory", "slices"),
    [("all-1g.5gb", "40Gi", 7), ("all-2g.10gb", "40Gi", 3), ("all-3g.20gb", "40Gi", 2),
     ("all-7g.40gb", "40Gi", 1), ("all-1g.20gb", "80Gi", 4), ("all-1g.10gb+me", "80Gi", 1),
     ("all-3g.71gb", "141G", 2), ("all-1g.6gb", "24Gi", 4)],
)  # fmt: skip
def test_slices_of_nvidias_own_layouts(layout: str, memory: str, slices: int) -> None:
    """As the tables of NVIDIA's MIG user guide have them."""
    node = NODES[0] | {"gpus": {"product": "X", "count": 3, "memory": memory}}
    sharing = {"strategy": "mig", "profile": layout}
    profile = Profile.model_validate({"name": "x", "nodes": [node], "gpu": {"sharing": sharing}})
    assert advertised(profile, profile.nodes[0]) == {"nvidia.com/gpu": 3 * slices}


def test_mig_by_size_with_turns_on_each_slice() -> None:
    sharing = {"strategy": "mig", "profile": "half", "migStrategy": "mixed", "replicas": 2}
    own = {"resource": "nvidia.com/mig-3g.20gb", "migLayouts": {"half": HALF}}
    profile = _profile({"sharing": sharing, **own})
    assert advertised(profile, profile.nodes[2]) == {"nvidia.com/mig-3g.20gb": 4, "nvidia.com/gpu": 2}
    assert build_global(profile).gpu.resource_name == "nvidia.com/mig-3g.20gb"
    assert mig_strategy(profile) == "mixed"
    values = build(profile)
    assert values.configs["default"].time_slicing.replicas == {
        "nvidia.com/mig-3g.20gb": 2,
        "nvidia.com/gpu": 2,
    }
    assert list(values.mig.layouts) == ["all-disabled", "half"]


def test_a_layout_of_the_mig_managers_own_is_written_out_beside_others() -> None:
    """With a ConfigMap of ours it makes none by itself."""
    configs = {"cut": {"strategy": "mig", "profile": "all-1g.5gb"}}
    nodes = [*NODES[:2], NODES[2] | {"gpus": A100 | {"config": "cut"}}]
    profile = _profile({"configs": configs, "migLayouts": {"half": HALF}}, nodes=nodes)
    (part,) = build(profile).mig.layouts["all-1g.5gb"]
    assert (part.devices, part.slices) == ([], {"1g.5gb": 7})
    assert setup_labels(profile, profile.nodes[2]) == {
        "nvidia.com/device-plugin.config": "cut",
        "nvidia.com/mig.config": "all-1g.5gb",
    }


def test_label_values_of_nodes_are_keys_of_the_config_map_everywhere() -> None:
    nodes = [*NODES[:2], NODES[2] | {"address": "10.0.0.3", "gpus": A100 | {"config": "whole"}}]
    gpu = {"sharing": {"strategy": "time-slicing", "replicas": 4}, "configs": {"whole": {"strategy": "none"}}}
    profile = _profile(gpu, nodes=nodes)
    values = build(profile)
    assert set(values.configs) == {"default", "whole"}
    assert values.nodes == {"karr": "whole"}
    assert values.configs["whole"].time_slicing.replicas == {}
    label = build_node_prep(profile).nodes["karr"].labels["nvidia.com/device-plugin.config"]
    assert label in values.configs
    assert advertised(profile, profile.nodes[2]) == {"nvidia.com/gpu": 2}


@pytest.mark.parametrize(
    ("who", "distribution", "made"),
    [("gpu-operator", "kubeadm", False), ("device-plugin", "kubeadm", True), ("device-plugin", "k3s", False)],
)
def test_the_runtime_class_has_one_owner(who: str, distribution: str, made: bool) -> None:
    profile = _profile({"advertisedBy": who}, cluster={"distribution": distribution})
    assert build(profile).runtime_class.create is made
    assert build_global(profile).gpu.runtime_class_name == "nvidia"


def test_one_switch_renames_for_all() -> None:
    profile = _profile(
        {"sharing": {"strategy": "time-slicing", "replicas": 4, "rename": True}},
        dask={"workers": {"gpus": 1}},
    )
    name = "nvidia.com/gpu.shared"
    assert build_dask(profile).global_.gpu.resource_name == build(profile).global_.gpu.resource_name == name
    assert exporter_env(profile) == {"KUBERNETES_VIRTUAL_GPUS": "true", "NVIDIA_RESOURCE_NAMES": name}
    assert exporter_env(_shared(strategy="mps", replicas=2)) == {"KUBERNETES_VIRTUAL_GPUS": "true"}
    assert exporter_env(_shared()) == {}


def test_the_checksum_for_the_base_values_follows_the_content() -> None:
    """The plugin does not see a change under the same name by itself."""
    settings = [
        plugin_settings(p, build(p)) for p in (_shared(strategy="mps", replicas=n) for n in (2, 3, 3))
    ]
    assert settings[0].checksum != settings[1].checksum == settings[2].checksum
    assert (settings[0].namespace, settings[0].default_config) == ("gpu-operator", "default")
    assert settings[0].config_map == build(_shared()).config_map != ""


def test_nodes_of_the_dra_driver_are_left_to_it() -> None:
    gpu = {
        "sharing": {"strategy": "mps", "replicas": 2},
        "experimental": {"dra": {"nodes": ["karr"], "claims": {"one": {}}}},
    }
    profile = _profile(gpu, teams=[{"name": "vision"}])
    values = build(profile)
    assert values.dra.enabled
    assert values.dra.namespaces == ["vision"]
    assert advertised(profile, profile.nodes[2]) == {}
    labels = build_node_prep(profile).nodes["karr"].labels
    assert labels["nvidia.com/gpu.deploy.device-plugin"] == "false"
    assert "nvidia.com/gpu.deploy.device-plugin" not in setup_labels(profile, profile.nodes[1])


@pytest.mark.parametrize("gpu", [{"advertisedBy": "none"}, {}])
def test_without_gpus_of_the_plugins_the_chart_is_off(gpu: dict[str, Any]) -> None:
    nodes = NODES if gpu else NODES[:1]
    assert build(_profile(gpu, nodes=nodes)).enabled is False
