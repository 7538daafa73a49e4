"""A profile's `dask` section becomes the chart's values."""

from __future__ import annotations

from typing import Any

import pytest

from generator.components import dask
from generator.components.dask.values import DaskValues
from generator.components.dask.worker import Worker, WorkerGroup
from generator.profile.model import Profile

NODE = {"name": "kitt", "role": "control-plane", "cpu": 64, "memory": "124Gi"}


def build(section: dict[str, Any] | None, **rest: Any) -> DaskValues:
    profile = {"name": "lab", "nodes": [NODE], **rest}
    return dask.build(Profile.model_validate(profile if section is None else {**profile, "dask": section}))


def test_without_the_section_the_chart_is_off() -> None:
    assert not build(None).enabled


def test_empty_section_gives_the_defaults_of_the_algorithm_reference_library() -> None:
    values = build({})
    assert values.enabled
    assert values.worker.replicas == 1
    assert (values.worker.resources.limits.cpu, values.worker.resources.limits.memory) == ("500m", "512Mi")
    assert (values.worker.placement, values.scheduler.placement) == ("worker", "any")
    assert values.image.tag == values.notebook.image.tag == "2025.11.0"


def test_workers() -> None:
    section = {
        "workers": {
            "replicas": 10,
            "cpu": 2,
            "memory": "8Gi",
            "threads": 4,
            "nodeLabels": {"rack": "a1"},
            "autoscale": {"min": 2, "max": 20, "cpu": 60},
        }
    }
    worker = build(section).worker
    assert (worker.replicas, worker.threads, worker.node_selector) == (10, 4, {"rack": "a1"})
    assert (worker.resources.limits.cpu, worker.resources.limits.memory) == ("2", "8Gi")
    scaling = worker.autoscaling
    assert (scaling.enabled, scaling.min_replicas, scaling.max_replicas) == (True, 2, 20)
    assert scaling.cpu_utilization == 60


def test_groups_say_only_what_the_profile_says_of_groups() -> None:
    section = {"workers": {"nodeLabels": {"rack": "a1"}, "groups": {"gpu": {"gpus": 1, "replicas": 0}}}}
    group = build(section).model_dump()["workerGroups"]["gpu"]
    assert (group["gpus"], group["replicas"], group["nodeSelector"]) == (1, 0, {})
    assert "probes" not in group
    assert "command" not in group


def test_group_writes_nothing_that_was_not_set() -> None:
    assert WorkerGroup().model_dump() == {}
    assert WorkerGroup(replicas=0, retire_on_stop=False).model_dump() == {
        "replicas": 0,
        "retireOnStop": False,
    }
    assert set(WorkerGroup.model_fields) == set(Worker.model_fields)


def test_images() -> None:
    values = build({"image": "registry.example.org/arl_img@sha256:" + "0" * 64})
    assert values.image.repository == "registry.example.org/arl_img"
    assert values.image.digest.startswith("sha256:")
    assert values.notebook.image == values.image
    own = build({"image": "arl:1", "notebook": {"image": "nb:2"}})
    assert (own.notebook.image.repository, own.notebook.image.tag) == ("nb", "2")


@pytest.mark.parametrize("kind", ["ClusterIP", "NodePort", "LoadBalancer"])
def test_service_type_of_both(kind: str) -> None:
    values = build({"service": kind})
    assert values.scheduler.service.type == values.notebook.service.type == kind


def test_notebook() -> None:
    secret = {"name": "login", "key": "t"}
    values = build({"notebook": {"enabled": False, "cpu": 4, "memory": "8Gi", "tokenSecret": secret}})
    assert not values.notebook.enabled
    assert values.notebook.resources.limits.cpu == "4"
    assert (values.notebook.auth.secret_name, values.notebook.auth.key) == ("login", "t")
    assert build({}).notebook.auth.secret_name == ""


def test_team_and_volumes() -> None:
    nfs = {"server": "192.168.11.10", "path": "/data"}
    claim = {"team": "vision", "name": "data"}
    volumes = {"arl-data": {"size": "100Gi", "nfs": nfs, "claim": claim}, "free": {"size": "1Gi", "nfs": nfs}}
    mounts = [
        {"volume": "arl-data", "mountPath": "/arl/data"},
        {"volume": "arl-data", "mountPath": "/arl/mine", "subPath": "mine", "readOnly": True},
        {"volume": "free", "mountPath": "/free"},
        {"volume": "missing", "mountPath": "/missing"},
    ]
    values = build(
        {"team": "vision", "volumes": mounts}, teams=[{"name": "vision"}], storage={"volumes": volumes}
    )
    assert values.namespace == "vision"
    first, second, third = values.volumes.values()
    assert (first.claim, first.mount_path, first.access_mode) == ("data", "/arl/data", "ReadWriteMany")
    assert (second.mount_path, second.sub_path, second.read_only) == ("/arl/mine", "mine", True)
    assert (third.claim, third.mount_path) == ("free", "/free")


def test_what_all_charts_share() -> None:
    values = build({}, registry="harbor.example.org", pullSecrets=["arlregcred"])
    assert values.global_.image_registry == "harbor.example.org"
    assert values.global_.image_pull_secrets == ["arlregcred"]
