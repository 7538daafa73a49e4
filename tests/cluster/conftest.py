"""A real API server with three simulated nodes, one for the whole session (and for each xdist worker)."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.cluster.helm import Helm
from generator.cluster.kubectl import Kubectl
from generator.cluster.local import LocalCluster, SimNode, Taint
from tests.cluster.custom_resources import KUBEFLOW, NETWORK, TRAINING, bring_definitions

CONTROL_PLANE = "node-role.kubernetes.io/control-plane"
NODES = (
    SimNode("control", 4, "8Gi", labels={CONTROL_PLANE: ""}, taints=[Taint(CONTROL_PLANE)]),
    SimNode("big", 64, "256Gi"),
    SimNode("gpu", 64, "124Gi", gpus=4, labels={"nvidia.com/gpu.present": "true"}),
)


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCluster]:
    local = LocalCluster("test", state_dir=tmp_path_factory.mktemp("cluster") / "state")
    local.start(NODES)
    try:
        yield local
    finally:
        local.stop()


@pytest.fixture(scope="session")
def crd_cluster(tmp_path_factory: pytest.TempPathFactory, upstream: Path) -> Iterator[LocalCluster]:
    """A second one, with real definitions of custom resources, as the first one has none: tests see both."""
    local = LocalCluster("crds", state_dir=tmp_path_factory.mktemp("crds") / "state")
    local.start(NODES[1:2])
    try:
        bring_definitions(local.kubectl(), upstream, *NETWORK, *KUBEFLOW, *TRAINING)
        yield local
    finally:
        local.stop()


@pytest.fixture(scope="session")
def kubectl(cluster: LocalCluster) -> Kubectl:
    return cluster.kubectl()


@pytest.fixture(scope="session", params=[3, 4], ids=["helm3", "helm4"])
def helm(request: pytest.FixtureRequest, cluster: LocalCluster) -> Helm:
    """The test runs with both."""
    return cluster.helm(request.param)


@pytest.fixture(scope="session")
def helm3(cluster: LocalCluster) -> Helm:
    return cluster.helm(3)


@pytest.fixture(scope="session")
def helm4(cluster: LocalCluster) -> Helm:
    return cluster.helm(4)


@pytest.fixture
def namespace(kubectl: Kubectl) -> Iterator[str]:
    """A fresh namespace; its removal is not waited for, because the cluster goes away too."""
    name = f"test-{uuid.uuid4().hex[:8]}"
    kubectl.run("create", "namespace", name)
    yield name
    kubectl.delete("namespace", name, wait=False)
