"""Node objects from simulated nodes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from generator.cluster.local.nodes import MAX_NODES, SimNode, Taint, manifests
from generator.errors import UserError


def nodes(*simulated: SimNode, chunk: int = 100) -> list[dict[str, Any]]:
    return [node for text in manifests(simulated, "1.36.3", chunk) for node in json.loads(text)["items"]]


def test_gpus_are_advertised_only_where_there_are_some() -> None:
    gpu, plain = nodes(SimNode("gpu", gpus=4, resources={"nvidia.com/gpu.shared": "8"}), SimNode("plain"))
    assert gpu["status"]["allocatable"] == gpu["status"]["capacity"]
    assert gpu["status"]["capacity"]["nvidia.com/gpu"] == "4"
    assert gpu["status"]["capacity"]["nvidia.com/gpu.shared"] == "8"
    assert "nvidia.com/gpu" not in plain["status"]["capacity"]


def test_labels_and_taints() -> None:
    [node] = nodes(SimNode("a", labels={"zone": "x"}, taints=[Taint("key"), Taint("k", "v", "NoExecute")]))
    assert node["metadata"]["labels"]["kubernetes.io/hostname"] == "a"
    assert node["metadata"]["labels"]["zone"] == "x"
    taints = [{"key": "key", "effect": "NoSchedule"}, {"key": "k", "effect": "NoExecute", "value": "v"}]
    assert node["spec"]["taints"] == taints


def test_many_nodes_have_addresses_of_their_own() -> None:
    many = nodes(*(SimNode(f"n{number}") for number in range(1000)), chunk=250)
    assert len(many) == 1000
    assert len({node["status"]["addresses"][0]["address"] for node in many}) == 1000
    assert len({node["spec"]["podCIDR"] for node in many}) == 1000


def test_too_many_nodes_are_refused() -> None:
    with pytest.raises(UserError, match="too many"):
        manifests([SimNode("a")] * (MAX_NODES + 1), "1.36.3", 100)
