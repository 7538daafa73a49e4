"""The chart `gpu-monitoring`: what Prometheus reads of the GPUs, what it warns of, what Grafana shows."""

from generator.components.base import ChartValues
from generator.components.gpu_monitoring.build import build
from generator.components.gpu_monitoring.values import GpuMonitoringValues

__all__ = ["build", "description", "name", "values"]

name = "gpu-monitoring"
description = (
    "GPU metrics for Prometheus: monitor, metrics list, alerts; Grafana dashboards by node, pod and team"
)
values: type[ChartValues] = GpuMonitoringValues
