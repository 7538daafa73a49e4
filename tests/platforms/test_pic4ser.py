"""PIC4SeR: kubeadm machines with GPUs, NFS as default storage, GPU metrics every second, training jobs."""

from __future__ import annotations

import copy
import json

from tests.platforms.platform import Platform, live

PLATFORM = "pic4ser"


def test_the_platform_comes_up_with_one_default_class(platform: Platform) -> None:
    platform.follow("from-pic4ser.md")
    defaults = [
        name
        for name, one in platform.objects("storageclass").items()
        if one["metadata"].get("annotations", {}).get("storageclass.kubernetes.io/is-default-class") == "true"
    ]
    assert defaults == ["nfs"]


def test_allocatable_gpus_are_shown(platform: Platform) -> None:
    shown = {
        name: node["status"]["allocatable"].get("nvidia.com/gpu", "0")
        for name, node in platform.objects("node").items()
    }
    assert shown == {"bonnie": "2", "kitt": "1", "karr": "0", "kyle": "0"}


def test_monitoring_is_what_the_stack_selects(platform: Platform) -> None:
    (monitor,) = platform.kubectl.get_all("servicemonitor")
    assert monitor["metadata"]["labels"]["release"] == "prometheus"
    assert [one["interval"] for one in monitor["spec"]["endpoints"]] == ["1s"]


def test_runtimes_for_training_are_there(platform: Platform) -> None:
    found = platform.objects("clustertrainingruntime")
    assert {"torch-distributed", "mpi-distributed"} <= set(found)
    job = {
        "apiVersion": "trainer.kubeflow.org/v1alpha1",
        "kind": "TrainJob",
        "metadata": {"name": "sample"},
        "spec": {"runtimeRef": {"name": "torch-distributed", "kind": "ClusterTrainingRuntime"}},
    }
    platform.kubectl.apply(json.dumps(job), namespace="research", dry_run=True)


def test_its_life(platform: Platform) -> None:
    changed = copy.deepcopy(platform.data)
    changed["teams"].append({"name": "students", "quota": {"gpus": 1}})
    changed["gpu"]["sharing"] = {"strategy": "time-slicing", "replicas": 4}
    live(platform, changed)
