"""A profile's training section as values of the chart."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.components.training import build
from generator.components.training.shares import spread
from generator.components.training.values import TrainingValues
from generator.profile.model import Profile

NODES: list[dict[str, Any]] = [
    {"name": "head", "role": "control-plane", "cpu": 8, "memory": "32Gi"},
    {"name": "kitt", "cpu": 64, "memory": "124Gi", "gpus": {"product": "Tesla-T4", "count": 1}},
    {"name": "karr", "cpu": 32, "memory": "64Gi", "gpus": {"product": "NVIDIA-A100", "count": 2}},
]
SLICED = {"sharing": {"strategy": "time-slicing", "replicas": 4}}


def _build(training: dict[str, Any], **more: Any) -> TrainingValues:
    teams = [
        {"name": "vision", "namespace": "cv", "quota": {"cpu": 32, "memory": "64Gi", "gpus": 6}},
        {"name": "audio"},
    ]
    content = {"name": "lab", "nodes": NODES, "gpu": SLICED, "teams": teams, "training": training, **more}
    return build(Profile.model_validate(content))


def test_without_training_the_chart_is_off() -> None:
    assert build(Profile.model_validate({"name": "x", "nodes": NODES})).enabled is False


def test_queues_agree_with_quotas_and_flavors_with_the_labels_of_shared_gpus() -> None:
    queues = _build({"queues": True}).queues
    assert {name: one.node_labels["nvidia.com/gpu.product"] for name, one in queues.flavors.items()} == {
        "tesla-t4-shared": "Tesla-T4-SHARED",
        "nvidia-a100-shared": "NVIDIA-A100-SHARED",
    }
    vision, audio = queues.teams["vision"], queues.teams["audio"]
    assert (vision.namespace, vision.cpu, vision.memory) == ("cv", "32", "64Gi")
    assert sum(vision.gpus.values()) == 6
    assert vision.gpus == {"tesla-t4-shared": 2, "nvidia-a100-shared": 4}
    assert audio.gpus == {"tesla-t4-shared": 4, "nvidia-a100-shared": 8}, "without a quota: all there is"
    assert (audio.cpu, audio.memory) == ("96", f"{188 * 1024}Mi"), "the closed control plane does not count"


@given(st.integers(0, 50), st.dictionaries(st.sampled_from("abcd"), st.integers(1, 20), min_size=1))
def test_shares_add_up_and_are_never_more_than_is_there(quota: int, there: dict[str, int]) -> None:
    shares = spread(quota, there)
    assert sum(shares.values()) == min(quota, sum(there.values()))
    assert all(0 <= shares[name] <= count for name, count in there.items())


def test_with_gpus_each_runtime_has_one_for_jobs_without() -> None:
    values = _build(
        {"runtimes": ["torch", "mpi"], "jobs": {"a": {"team": "vision", "gpus": 1}, "b": {"team": "vision"}}}
    )
    assert {name: one.gpus for name, one in values.runtimes.items()} == {
        "torch-distributed": 1,
        "torch-distributed-cpu": 0,
        "mpi-distributed": 1,
        "mpi-distributed-cpu": 0,
    }
    assert [job.runtime for job in values.jobs.values()] == ["torch-distributed", "torch-distributed-cpu"]
    assert list(_build({}, nodes=NODES[:1]).runtimes) == ["torch-distributed"]


@pytest.mark.parametrize("queues", [False, True])
def test_a_job(queues: bool) -> None:
    job = {"team": "vision", "command": ["train"], "nodes": 3, "gpus": 1, "cpu": 4, "memory": "8Gi"}
    made = _build({"queues": queues, "jobs": {"mnist": job}}).jobs["mnist"]
    assert (made.namespace, made.nodes, made.gpus) == ("cv", 3, 1)
    assert made.queue == ("vision" if queues else "")
    assert (made.resources.limits.cpu, made.resources.limits.memory) == ("4", "8Gi")


def test_v1_has_no_runtimes_and_its_jobs_bring_an_image() -> None:
    values = _build({"operator": "training-operator-v1", "jobs": {"a": {"team": "vision"}}})
    assert values.runtimes == {}
    assert values.jobs["a"].image.repository.endswith("pytorch/pytorch")
