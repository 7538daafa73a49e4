"""The chart `gpu-sharing` by both helms: the plugin's own format, names that agree, what it refuses."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from tests.render.conftest import Template
from tests.render.helm_binary import Document, Helm

GPU = "nvidia.com/gpu"


def _maps(documents: list[Document]) -> dict[str, Document]:
    return {one["metadata"]["name"]: one for one in documents if one["kind"] == "ConfigMap"}


def _config(template: Template, config: dict[str, Any]) -> dict[str, Any]:
    (found,) = _maps(template("gpu-sharing", {"configs": {"default": config}})).values()
    loaded: dict[str, Any] = yaml.safe_load(found["data"]["default"])
    return loaded


def _pods(documents: list[Document]) -> list[Document]:
    return [one for one in documents if one["kind"] == "Pod"]


FORMATS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "whole": ({}, {"version": "v1", "flags": {"migStrategy": "none"}}),
    "turns": (
        {"timeSlicing": {"replicas": {GPU: 4}}},
        {
            "version": "v1",
            "flags": {"migStrategy": "none"},
            "sharing": {
                "timeSlicing": {
                    "renameByDefault": False,
                    "failRequestsGreaterThanOne": True,
                    "resources": [{"name": GPU, "replicas": 4}],
                }
            },
        },
    ),
    "mps": (
        {"mps": {"replicas": {GPU: 8}, "renameByDefault": True}, "sharedDevicesAllocationPolicy": "packed"},
        {
            "version": "v1",
            "flags": {"migStrategy": "none", "plugin": {"sharedDevicesAllocationPolicy": "packed"}},
            "sharing": {"mps": {"renameByDefault": True, "resources": [{"name": GPU, "replicas": 8}]}},
        },
    ),
    "several slices by mps": (
        {"mps": {"replicas": {GPU: 2}, "failRequestsGreaterThanOne": False}},
        {
            "version": "v1",
            "flags": {"migStrategy": "none"},
            "sharing": {
                "mps": {
                    "renameByDefault": False,
                    "failRequestsGreaterThanOne": False,
                    "resources": [{"name": GPU, "replicas": 2}],
                }
            },
        },
    ),
    "turns on MIG slices": (
        {"migStrategy": "mixed", "timeSlicing": {"replicas": {"nvidia.com/mig-1g.5gb": 2}}},
        {
            "version": "v1",
            "flags": {"migStrategy": "mixed"},
            "sharing": {
                "timeSlicing": {
                    "renameByDefault": False,
                    "failRequestsGreaterThanOne": True,
                    "resources": [{"name": "nvidia.com/mig-1g.5gb", "replicas": 2}],
                }
            },
        },
    ),
}


class TestConfigurations:
    @pytest.mark.parametrize("name", FORMATS)
    def test_a_configuration_is_what_the_plugin_reads(self, template: Template, name: str) -> None:
        given, wanted = FORMATS[name]
        assert _config(template, given) == wanted

    REFUSED = (
        ({"timeSlicing": {"replicas": {GPU: 1}}}, "replicas"),
        ({"mps": {"replicas": {GPU: 49}}}, "replicas"),
        ({"timeSlicing": {"replicas": {"example.org/gpu": 2}}}, "example.org/gpu"),
        ({"timeSlicing": {"replicas": {GPU: 2}}, "mps": {"replicas": {GPU: 2}}}, "the plugin would take mps"),
        ({"migStrategy": "mixed", "mps": {"replicas": {GPU: 2}}}, "does not start with mps"),
        ({"mps": {"replicas": {"nvidia.com/mig-1g.5gb": 2}}}, "mps shares whole GPUs"),
        ({"timeSlicing": {"renamebyDefault": True}}, "renamebyDefault"),
        ({"timeSlicing": {"devices": [0]}}, "devices"),
    )

    @pytest.mark.parametrize(("config", "reason"), REFUSED)
    def test_what_the_plugin_fails_on_or_ignores_is_refused(
        self, helm: Helm, config: dict[str, Any], reason: str
    ) -> None:
        assert reason in helm.refusal("gpu-sharing", {"configs": {"default": config}})

    def test_the_default_and_the_labels_of_nodes_name_a_configuration(self, helm: Helm) -> None:
        assert "defaultConfig" in helm.refusal("gpu-sharing", {"configs": {"whole": {}}})
        values = {"configs": {"default": {}}, "nodes": {"kitt": "whole"}}
        assert 'nodes.kitt is "whole"' in helm.refusal("gpu-sharing", values)

    def test_the_checksum_follows_the_content(self, template: Template) -> None:
        def checksum(replicas: int) -> str:
            configs = {"default": {"timeSlicing": {"replicas": {GPU: replicas}}}}
            (found,) = _maps(template("gpu-sharing", {"configs": configs})).values()
            return str(found["metadata"]["annotations"]["labhelm.io/checksum"])

        assert checksum(2) == checksum(2) != checksum(3)

    def test_without_configurations_there_is_no_config_map(self, template: Template) -> None:
        assert _maps(template("gpu-sharing")) == {}


class TestMig:
    def test_layouts_are_what_mig_parted_reads(self, template: Template) -> None:
        layouts = {
            "all-disabled": [{}],
            "half": [{"devices": [0], "slices": {"1g.10gb": 7}}, {"devices": [1]}],
        }
        found = _maps(template("gpu-sharing", {"mig": {"layouts": layouts, "configMap": "own"}}))["own"]
        assert list(found["data"]) == ["config.yaml"], "the MIG manager reads no other key"
        assert yaml.safe_load(found["data"]["config.yaml"]) == {
            "version": "v1",
            "mig-configs": {
                "all-disabled": [{"devices": "all", "mig-enabled": False}],
                "half": [
                    {"devices": [0], "mig-enabled": True, "mig-devices": {"1g.10gb": 7}},
                    {"devices": [1], "mig-enabled": False},
                ],
            },
        }


class TestNamespace:
    VALUES = {
        "configs": {"default": {}},
        "reader": {"namespace": "gpu-operator", "api": "nvidia.com/v1/ClusterPolicy"},
    }

    @pytest.mark.parametrize(
        ("apis", "place"),
        [
            ((), "gpu-operator"),
            (("v1/Pod",), "platform"),
            (("v1/Pod", "nvidia.com/v1/ClusterPolicy"), "gpu-operator"),
        ],
        ids=["no cluster", "a cluster without the operator", "a cluster with it"],
    )
    def test_it_is_the_readers_where_that_is(
        self, template: Template, apis: tuple[str, ...], place: str
    ) -> None:
        (found,) = _maps(template("gpu-sharing", self.VALUES, api_versions=apis)).values()
        assert found["metadata"]["namespace"] == place


class TestTestPod:
    def test_it_asks_for_one_gpu_by_the_shared_name_and_runtime_class(self, template: Template) -> None:
        shared = {"gpu": {"resourceName": "nvidia.com/gpu.shared", "runtimeClassName": "nvidia"}}
        (pod,) = _pods(template("gpu-sharing", {"global": shared}))
        limits = pod["spec"]["containers"][0]["resources"]["limits"]
        assert limits["nvidia.com/gpu.shared"] == "1"
        assert pod["spec"]["runtimeClassName"] == "nvidia"
        assert pod["metadata"]["annotations"]["helm.sh/hook"] == "test"

    def test_nodes_are_tested_one_by_one(self, template: Template) -> None:
        pods = _pods(template("gpu-sharing", {"test": {"nodes": ["kitt", "karr"]}}))
        places = {pod["spec"]["nodeSelector"]["kubernetes.io/hostname"] for pod in pods}
        assert places == {"kitt", "karr"}

    def test_the_image_can_be_another(self, template: Template) -> None:
        image = {"repository": "own/cuda", "digest": "sha256:" + "0" * 64}
        values = {"global": {"imageRegistry": "r.example.org"}, "test": {"image": image}}
        (pod,) = _pods(template("gpu-sharing", values))
        assert pod["spec"]["containers"][0]["image"] == f"r.example.org/own/cuda@{image['digest']}"

    def test_it_needs_no_network(self, template: Template) -> None:
        (policy,) = [one for one in template("gpu-sharing") if one["kind"] == "NetworkPolicy"]
        assert policy["spec"]["policyTypes"] == ["Ingress", "Egress"]
        assert not {"ingress", "egress"} & policy["spec"].keys()


class TestDra:
    VALUES = {
        "dra": {
            "enabled": True,
            "claims": {"turns": {"product": "T4", "sharing": "time-slicing"}, "whole": {}},
        }
    }

    def test_a_claim_names_its_class(self, template: Template) -> None:
        documents = template("gpu-sharing", self.VALUES)
        classes = {one["metadata"]["name"] for one in documents if one["kind"] == "DeviceClass"}
        claims = [one for one in documents if one["kind"] == "ResourceClaimTemplate"]
        asked = {
            one["spec"]["spec"]["devices"]["requests"][0]["exactly"]["deviceClassName"] for one in claims
        }
        assert asked == classes
        assert len(claims) == 2

    def test_a_kubernetes_without_it_gets_nothing(self, template: Template) -> None:
        documents = template("gpu-sharing", self.VALUES, kube_version="1.33.0")
        assert not [one for one in documents if one["apiVersion"].startswith("resource.k8s.io")]
