"""A profile's monitoring section as values of the chart, and what the exporter must be told."""

from __future__ import annotations

from typing import Any

from generator.components.gpu_monitoring import build
from generator.components.gpu_monitoring.build import exporter_env
from generator.components.gpu_monitoring.metrics import METRICS, metrics_csv
from generator.components.gpu_monitoring.values import GpuMonitoringValues
from generator.profile.durations import milliseconds
from generator.profile.model import Profile

GPUS = {"product": "Tesla-T4", "count": 1, "memory": "16Gi"}


def _profile(gpus: Any = GPUS, **sections: Any) -> Profile:
    node = {"name": "kitt", "cpu": 8, "memory": "32Gi"} | ({"gpus": gpus} if gpus else {})
    return Profile.model_validate({"name": "lab", "nodes": [node], **sections})


def _build(**sections: Any) -> GpuMonitoringValues:
    return build(_profile(**sections))


def test_it_is_off_without_monitoring_gpus_or_exporter() -> None:
    assert _build().enabled is False
    assert _build(gpus=None, monitoring={}).enabled is False
    assert _build(gpu={"advertisedBy": "none"}, monitoring={}).enabled is False


def test_the_exporter_is_that_of_what_advertises_the_gpus() -> None:
    exporter = _build(monitoring={"scrapeInterval": "1s"}).exporter
    assert (exporter.namespace, exporter.port, exporter.interval) == ("gpu-operator", "gpu-metrics", "1s")
    assert exporter.labels == {"app": "nvidia-dcgm-exporter"}
    assert exporter.metrics_config_map is False
    other = _build(gpu={"advertisedBy": "device-plugin"}, monitoring={}).exporter
    assert (other.port, other.labels) == ("metrics", {"app.kubernetes.io/name": "dcgm-exporter"})


def test_an_exporter_of_the_teams_own_gets_the_list_of_metrics() -> None:
    own = {"namespace": "gpu-metrics", "labels": {"app": "dcgm"}, "port": "web"}
    values = _build(gpu={"advertisedBy": "none"}, monitoring={"exporter": own, "alerts": False})
    assert values.enabled
    assert values.exporter.metrics_config_map is True
    assert (values.exporter.namespace, values.exporter.labels, values.exporter.port) == (
        "gpu-metrics",
        {"app": "dcgm"},
        "web",
    )
    assert values.alerts.enabled is False


def test_the_stack_is_found_by_its_release() -> None:
    assert _build(monitoring={"release": "kps"}).stack.release == "kps"


def test_the_exporter_collects_as_often_as_it_is_read() -> None:
    """Left alone it collects every 30 seconds, and an interval of 1s would show one value thirty times."""
    env = exporter_env(_profile(monitoring={"scrapeInterval": "1s"}))
    assert env == {"DCGM_EXPORTER_INTERVAL": "1000"}
    sharing = {"sharing": {"strategy": "time-slicing", "replicas": 4}}
    shared = exporter_env(_profile(gpu=sharing, monitoring={}))
    assert shared == {"DCGM_EXPORTER_INTERVAL": "15000", "KUBERNETES_VIRTUAL_GPUS": "true"}
    assert milliseconds("1m30s") == 90_000


def test_the_list_has_one_line_of_three_parts_for_each_metric() -> None:
    lines = [line.split(",") for line in metrics_csv().splitlines()]
    assert [line[0] for line in lines] == [one.name for one in METRICS]
    assert {len(line) for line in lines} == {3}
