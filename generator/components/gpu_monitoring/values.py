"""Values of the chart `gpu-monitoring`."""

from __future__ import annotations

from typing import Annotated

from generator.components.base import ChartValues
from generator.components.monitoring_labels import DASHBOARD_LABEL, DASHBOARD_VALUE, STACK_NAMESPACE
from generator.model import Model, doc
from generator.names import DnsLabel, Duration, LabelKey, LabelValue


class Stack(Model):
    """The kube-prometheus-stack that reads our objects."""

    release: Annotated[
        DnsLabel, doc("Its release name; monitors and rules carry it as label `release`, which it selects.")
    ] = "prometheus"
    namespace: Annotated[DnsLabel, doc("Its namespace, for the commands of the notes.")] = STACK_NAMESPACE


class Exporter(Model):
    """The DCGM exporter; it is installed by gpu-operator or by its own chart, not by this one."""

    namespace: Annotated[
        str, doc('Namespace it runs in; "" looks in all of them.', example="gpu-operator", max_length=63)
    ] = "gpu-operator"
    labels: Annotated[
        dict[LabelKey, LabelValue], doc("Labels of its Service.", example={"app": "nvidia-dcgm-exporter"})
    ] = {}
    port: Annotated[str, doc("Name of the Service's port.", min_length=1)] = "gpu-metrics"
    interval: Annotated[
        Duration, doc("How often it is read; the exporter must collect as often (DCGM_EXPORTER_INTERVAL).")
    ] = "15s"
    metrics_config_map: Annotated[
        bool,
        doc(
            "Make the ConfigMap with the list of metrics, in the exporter's namespace, which must exist. "
            "Off: who installs the exporter gives it the list."
        ),
    ] = False


class Temperature(Model):
    """Limits of the GPU's temperature."""

    warning: Annotated[int, doc("Warn above it, after 5 minutes.", unit="°C", ge=1, le=150)] = 83
    critical: Annotated[int, doc("Critical above it, after 1 minute.", unit="°C", ge=1, le=150)] = 90


class Idle(Model):
    """A GPU that a pod holds and does not use."""

    utilization: Annotated[int, doc("Below it a GPU counts as idle.", unit="%", ge=1, le=100)] = 5
    after: Annotated[Duration, doc("How long it must be so.", example="2h")] = "2h"


class Xid(Model):
    """XID errors, which the driver reports."""

    window: Annotated[Duration, doc("How long an error is shown after it happened.")] = "10m"
    hardware: Annotated[
        list[int], doc("Codes that speak of broken hardware: critical.", example=[48, 79])
    ] = [48, 63, 64, 74, 79, 94, 95, 119, 120]


class Alerts(Model):
    """Alert rules."""

    enabled: Annotated[bool, doc("Make them.")] = True
    disabled: Annotated[list[str], doc("Names of those to leave out.", example=["GPUIdle"])] = []
    labels: Annotated[
        dict[LabelKey, str], doc("Labels of each alert, for Alertmanager's routes.", example={"team": "ops"})
    ] = {}
    temperature: Annotated[Temperature, doc("Limits of the temperature.")] = Temperature()
    idle: Annotated[Idle, doc("GPUs that are held and not used.")] = Idle()
    xid: Annotated[Xid, doc("XID errors.")] = Xid()
    memory: Annotated[int, doc("Warn when more of a GPU's memory is in use.", unit="%", ge=1, le=100)] = 95
    absent: Annotated[Duration, doc("How long metrics may be missing.")] = "10m"
    waiting: Annotated[Duration, doc("How long pods may ask for more GPUs than there are.")] = "30m"


class Dashboards(Model):
    """Grafana dashboards, as ConfigMaps for its sidecar."""

    enabled: Annotated[bool, doc("Make them.")] = True
    folder: Annotated[str, doc('Grafana folder; "" for none. The sidecar must read its annotation.')] = ""
    labels: Annotated[dict[LabelKey, LabelValue], doc("Labels that the sidecar looks for.")] = {
        DASHBOARD_LABEL: DASHBOARD_VALUE
    }


class GpuMonitoringValues(ChartValues):
    """GPU metrics for Prometheus: monitor, metrics list, alerts; Grafana dashboards by node, pod and team."""

    namespace: Annotated[str, doc('Namespace of the objects; "" takes that of the release.')] = ""
    labels: Annotated[
        dict[LabelKey, LabelValue], doc("More labels of monitor and rules.", example={"prometheus": "gpu"})
    ] = {}
    stack: Annotated[Stack, doc("The kube-prometheus-stack that reads our objects.")] = Stack()
    exporter: Annotated[Exporter, doc("The DCGM exporter.")] = Exporter()
    alerts: Annotated[Alerts, doc("Alert rules.")] = Alerts()
    dashboards: Annotated[Dashboards, doc("Grafana dashboards.")] = Dashboards()
