"""The chart `node-prep` on the oldest Kubernetes and containerd 1.6, whose file is edited in place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.machines.bed import Bed, Cluster
from tests.machines.bed.python_image import PYTHON, python
from tests.machines.bed.software import OLD
from tests.machines.node_prep import OPT_IN, Release, condition, get, wait_until_prepared

NODE = "bonnie"
REPOSITORY, TAG = PYTHON.split(":")
VALUES: dict[str, Any] = {
    "image": {"repository": REPOSITORY, "tag": TAG, "pullPolicy": "Never"},
    "intervalSeconds": 10,
    "jitterSeconds": 0,
    "settings": {
        "kubernetesVersion": "1.34",
        "sysctls": {"vm.max_map_count": "262144"},
        "containerd": {
            "manage": True,
            "mirrors": [{"registry": "docker.io", "endpoints": [{"url": "https://mirror.example.org"}]}],
        },
        "kubelet": {"config": {"maxPods": 123}},
    },
}


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with Bed() as bed:
        cluster = Cluster(bed, OLD, nodes={NODE: "172.31.77.11"})
        cluster.up()
        print(f"\n{cluster.report()}")
        cluster.load(python(bed.runner))
        # It would have nowhere to go when the only node is drained.
        cluster.kubectl("scale", "deployment/coredns", "--namespace=kube-system", "--replicas=0")
        yield cluster


def test_apply_converges_and_pods_start_with_what_was_written(cluster: Cluster) -> None:
    machine = cluster.control_plane
    Release(cluster, VALUES).upgrade("--set=mode=apply")
    assert condition(cluster, NODE)["reason"] == "Drift"
    cluster.kubectl("label", "node", NODE, OPT_IN)
    wait_until_prepared(cluster)
    assert " 1.6." in machine.run("containerd --version").stdout
    # An import would replace the whole section: the file itself is edited, without a drop-in beside it.
    assert b'config_path = "/etc/containerd/certs.d"' in machine.pull("/etc/containerd/config.toml")
    assert machine.run("ls /etc/containerd").stdout.split() == ["certs.d", "config.toml"]
    dump = machine.run("containerd config dump").stdout
    assert 'config_path = "/etc/containerd/certs.d"' in dump
    assert "SystemdCgroup = true" in dump
    node = get(cluster, "node", NODE)
    assert node["status"]["capacity"]["pods"] == "123"
    assert node["status"]["nodeInfo"]["kubeletVersion"] == f"v{OLD.kubernetes}"
    assert "unschedulable" not in node["spec"]
    container = {"name": "main", "image": PYTHON, "imagePullPolicy": "Never", "command": ["true"]}
    spec = {"restartPolicy": "Never", "containers": [container]}
    cluster.apply({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "after"}, "spec": spec})
    cluster.wait_for("jsonpath={.status.phase}=Succeeded", "pod/after")


def test_a_further_run_restarts_nothing(cluster: Cluster) -> None:
    show = "systemctl show -p ActiveEnterTimestampMonotonic containerd kubelet"
    started = cluster.control_plane.run(show).stdout
    release = Release(cluster, VALUES)
    assert release.next_run(NODE)["labhelm_node_prep_converged"] == 1
    assert cluster.control_plane.run(show).stdout == started
