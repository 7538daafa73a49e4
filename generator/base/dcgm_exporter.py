"""DCGM exporter: GPU metrics, where no operator brings it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.base.device_plugin import enabled, runtime_class
from generator.base.images import Image
from generator.base.model import Chart, Entry, Namespace, Rollout, Values
from generator.base.waves import SYSTEM
from generator.components.gpu_monitoring.build import exporter_env
from generator.components.gpu_monitoring.metrics import metrics_csv
from generator.components.monitoring_labels import exporter_of

if TYPE_CHECKING:
    from generator.profile.model import Profile

_REPOSITORY = "nvcr.io/nvidia/k8s/dcgm-exporter"


def build(profile: Profile) -> Values:
    """Values for the chart."""
    return {
        "runtimeClassName": runtime_class(profile),
        # The chart would run it on each node, and wait for ever on those without GPUs.
        "nodeSelector": {"nvidia.com/gpu.present": "true"},
        # Its own list lacks what alerts need.
        "customMetrics": metrics_csv(),
        # Use and memory of each pod on a shared GPU: by process, and by the pod's uid.
        "hostPID": True,
        "kubernetes": {"enablePodUID": True},
        "extraEnv": [{"name": name, "value": value} for name, value in exporter_env(profile).items()],
        # The umbrella's chart `gpu-monitoring` has it, with the profile's interval.
        "serviceMonitor": {"enabled": False},
    }


def _namespace(profile: Profile) -> Namespace:
    found = exporter_of(profile.gpu)
    assert found
    return Namespace(found.namespace, "privileged")


ENTRY = Entry(
    name="dcgm-exporter",
    title="DCGM exporter",
    source=Chart("https://nvidia.github.io/dcgm-exporter/helm-charts", "dcgm-exporter", "4.8.2"),
    namespace=_namespace,
    wave=SYSTEM.number,
    licence="Apache-2.0",
    enabled=lambda profile: enabled(profile) and profile.monitoring is not None,
    values=build,
    images=(Image(f"{_REPOSITORY}:4.5.3-4.8.2-distroless", "image.repository", _REPOSITORY),),
    needs=("prometheus-operator-crds", "nvidia-device-plugin"),
    ready=(Rollout(("daemonset/dcgm-exporter",)),),
    defaults="dcgm-exporter-4.8.2.values.yaml",
    optional=("customMetrics",),
    traps=(
        "Its ServiceMonitor is on by default, and fails where the kind is not known.",
        "Its `scrapeTimeout` is 10s whatever the interval: longer than that, Prometheus refuses the monitor.",
        "The label Hostname became hostname after 4.8.2.",
    ),
)
