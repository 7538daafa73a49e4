"""What ties our monitors, rules and dashboards to what reads them: one place for both sides.

The base layer writes the values of kube-prometheus-stack and of the GPU exporter with it, the chart
`gpu-monitoring` its objects.
"""

from __future__ import annotations

from dataclasses import dataclass

from generator.profile.gpu import Gpu

STACK_NAMESPACE = "monitoring"
RELEASE_LABEL = "release"
"""Label that the stack selects monitors and rules by; its value is the name of the stack's release."""
DASHBOARD_LABEL, DASHBOARD_VALUE = "grafana_dashboard", "1"
"""Label of the ConfigMaps that Grafana's sidecar loads."""
FOLDER_ANNOTATION = "grafana_folder"
METRICS_KEY = "dcgm-metrics.csv"
"""Key that gpu-operator reads in a ConfigMap with metrics."""


@dataclass(frozen=True)
class Exporter:
    """Where a DCGM exporter runs, by which labels its Service is found, and the port's name there."""

    namespace: str
    labels: tuple[tuple[str, str], ...]
    port: str


_EXPORTERS = {
    # assets/state-dcgm-exporter/0600_service.yaml of gpu-operator.
    "gpu-operator": Exporter("gpu-operator", (("app", "nvidia-dcgm-exporter"),), "gpu-metrics"),
    # deployment/templates/service.yaml of dcgm-exporter.
    "device-plugin": Exporter("dcgm-exporter", (("app.kubernetes.io/name", "dcgm-exporter"),), "metrics"),
}


def exporter_of(gpu: Gpu) -> Exporter | None:
    """The exporter that the base layer installs; None where the team brings its own."""
    return _EXPORTERS.get(gpu.advertised_by)
