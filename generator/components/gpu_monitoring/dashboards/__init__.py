"""The Grafana dashboards of the chart."""

from generator.components.gpu_monitoring.dashboards.cluster import CLUSTER
from generator.components.gpu_monitoring.dashboards.model import Dashboard
from generator.components.gpu_monitoring.dashboards.node import NODE
from generator.components.gpu_monitoring.dashboards.pods import PODS
from generator.components.gpu_monitoring.dashboards.sharing import SHARING

__all__ = ["DASHBOARDS", "Dashboard"]

DASHBOARDS: tuple[Dashboard, ...] = (CLUSTER, NODE, PODS, SHARING)
