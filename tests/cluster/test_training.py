"""The chart `training` on a real API server, with the real custom resource definitions and without any.

No controller of Trainer or Kueue runs here: what is shown is that their API takes every object as it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from generator.cluster.helm import Helm
from generator.cluster.kubectl import Kubectl
from generator.cluster.local import LocalCluster
from generator.errors import CommandError
from tests.cluster.accounts import as_account
from tests.cluster.platform_release import PlatformRelease

IMAGE = {"repository": "pytorch/pytorch", "tag": "2.13.0"}
KINDS = ("ClusterTrainingRuntime", "TrainJob", "ResourceFlavor", "ClusterQueue", "LocalQueue")


@pytest.fixture(scope="module")
def there(crd_cluster: LocalCluster) -> Kubectl:
    """The cluster that knows the custom resources."""
    return crd_cluster.kubectl()


@pytest.fixture(scope="module")
def place(there: Kubectl) -> Iterator[str]:
    """A namespace there, which is also a team's."""
    there.run("create", "namespace", "training")
    yield "training"
    there.delete("namespace", "training", wait=False)


@pytest.fixture
def release(crd_cluster: LocalCluster, place: str) -> PlatformRelease:
    return PlatformRelease(crd_cluster.helm(4), place)


def _values(place: str, wish: str = "auto", **training: Any) -> dict[str, Any]:
    flavor = {
        "nodeLabels": {"nvidia.com/gpu.product": "Tesla-T4-SHARED"},
        "tolerations": [{"key": "nvidia.com/gpu"}],
    }
    queues = {
        "enabled": True,
        "flavors": {"t4": flavor},
        "teams": {place: {"cpu": "8", "memory": "16Gi", "gpus": {"t4": 2}}},
    }
    runtimes = {
        "torch-distributed": {"image": IMAGE, "gpus": 1},
        "deepspeed-distributed": {"image": IMAGE, "framework": "deepspeed"},
    }
    jobs = {"mnist": {"nodes": 2, "gpus": 1, "queue": place, "command": ["python3", "train.py"]}}
    on = {"enabled": True, "runtimes": runtimes, "jobs": jobs, "queues": queues, **training}
    return {"global": {"customResources": wish}, "training": on}


def _count(kubectl: Kubectl) -> dict[str, int]:
    return {kind: len(kubectl.get_all(f"{kind.lower()}s", namespace="training")) for kind in KINDS}


def test_a_cluster_without_the_apis_gets_none_of_them_and_the_notes_say_so(
    helm4: Helm, namespace: str
) -> None:
    said = PlatformRelease(helm4, namespace).upgrade(_values(namespace))
    assert {f"{kind} of training" in said for kind in KINDS} == {True}


def test_asked_for_always_it_is_refused_by_name(helm4: Helm, namespace: str) -> None:
    with pytest.raises(CommandError, match=r'no matches for kind "\w+" in version "(trainer|kueue)'):
        PlatformRelease(helm4, namespace).upgrade(_values(namespace, "always"))


def test_the_api_server_takes_every_object(release: PlatformRelease, place: str, there: Kubectl) -> None:
    said = release.upgrade(_values(place))
    assert " of training" not in said
    counts = {
        "ClusterTrainingRuntime": 2,
        "TrainJob": 1,
        "ResourceFlavor": 2,
        "ClusterQueue": 1,
        "LocalQueue": 1,
    }
    assert _count(there) == counts
    (job,) = there.get_all("trainjobs", namespace=place)
    runtime = there.get("clustertrainingruntime", job["spec"]["runtimeRef"]["name"])
    assert runtime["metadata"]["labels"]["trainer.kubeflow.org/framework"] == "torch"
    (local,) = there.get_all("localqueues", namespace=place)
    assert there.get("clusterqueue", local["spec"]["clusterQueue"])


def test_the_sample_job_of_the_notes_is_taken(release: PlatformRelease, place: str, there: Kubectl) -> None:
    said = release.upgrade(_values(place))
    found = re.search(
        r"^kubectl create --namespace (\S+) --filename - <<'END'\n(.*?)^END$", said, re.DOTALL | re.MULTILINE
    )
    assert found, said
    there.run("create", "--namespace", found[1], "--filename", "-", stdin=found[2])
    samples = [
        j for j in there.get_all("trainjobs", namespace=place) if j["metadata"]["name"].startswith("sample-")
    ]
    assert [one["metadata"]["labels"]["kueue.x-k8s.io/queue-name"] for one in samples] == [place]
    there.delete("trainjob", samples[0]["metadata"]["name"], namespace=place)


def test_a_changed_job_takes_the_place_of_the_old_one(
    release: PlatformRelease, place: str, there: Kubectl
) -> None:
    """The API refuses any change of a job: the chart makes another."""
    release.upgrade(_values(place))
    (before,) = there.get_all("trainjobs", namespace=place)
    name, patch = before["metadata"]["name"], json.dumps({"spec": {"trainer": {"numNodes": 5}}})
    with pytest.raises(CommandError, match="immutable"):
        there.run("patch", "trainjob", name, "-n", place, "--type=merge", "-p", patch)
    release.upgrade(_values(place, jobs={"mnist": {"nodes": 5}}))
    (after,) = there.get_all("trainjobs", namespace=place)
    assert after["spec"]["trainer"]["numNodes"] == 5
    assert after["metadata"]["name"] != before["metadata"]["name"]


def test_v1_jobs_and_runtimes_in_namespaces(release: PlatformRelease, place: str, there: Kubectl) -> None:
    job = {"mnist": {"image": IMAGE, "nodes": 3, "gpus": 1}}
    release.upgrade(_values(place, operator="training-operator-v1", runtimes={}, jobs=job))
    (made,) = there.get_all("pytorchjobs", namespace=place)
    assert made["spec"]["pytorchReplicaSpecs"]["Worker"]["replicas"] == 2
    release.upgrade(_values(place, namespaces=[place], jobs={}))
    assert {one["metadata"]["name"] for one in there.get_all("trainingruntimes", namespace=place)} == {
        "torch-distributed",
        "deepspeed-distributed",
    }
    assert there.get_all("pytorchjobs", namespace=place) == []


def test_the_deployer_may_change_them(
    release: PlatformRelease, place: str, crd_cluster: LocalCluster, tmp_path: Path
) -> None:
    values = _values(place) | {"teams": {"enabled": True, "deployer": {"enabled": True}}}
    release.upgrade(values)
    access = as_account(crd_cluster, "platform-teams-deployer", place, tmp_path)
    deployer = PlatformRelease(Helm(release.helm.path, release.helm.runner, access), place)
    values["training"] = values["training"] | {"jobs": {"other": {"nodes": 3}}}
    deployer.upgrade(values)


def test_never_means_none_and_uninstall_leaves_nothing(
    release: PlatformRelease, place: str, there: Kubectl
) -> None:
    said = release.upgrade(_values(place, "never"))
    assert "Left out" not in said
    assert set(_count(there).values()) == {0}
    release.upgrade(_values(place))
    release.uninstall()
    assert set(_count(there).values()) == {0}
