"""Metrics, alerts and dashboards."""

from __future__ import annotations

from typing import Annotated

from generator.model import Model, doc
from generator.names import DnsLabel, Duration, LabelKey, LabelValue
from generator.profile.secrets import SecretKey
from generator.quantities import Storage


class Grafana(Model):
    """Dashboards."""

    persistence: Annotated[
        Storage | None, doc("Size of its volume; left out, nothing is kept.", unit="bytes", example="10Gi")
    ] = None
    storage_class: Annotated[
        DnsLabel | None,
        doc("Class of the volume; the default one when left out.", alias="class", example="nfs"),
    ] = None
    admin_secret: Annotated[
        SecretKey | None,
        doc(
            "Password of the administrator; made at install when left out.",
            example={"name": "grafana", "key": "admin-password"},
        ),
    ] = None


class GpuExporter(Model):
    """A DCGM exporter that the base layer does not install."""

    namespace: Annotated[DnsLabel, doc("Its namespace.", example="gpu-metrics")]
    labels: Annotated[dict[LabelKey, LabelValue], doc("Labels of its Service.", min_length=1)] = {
        "app.kubernetes.io/name": "dcgm-exporter"
    }
    port: Annotated[str, doc("Name of the Service's port.", min_length=1, max_length=63)] = "metrics"


class Monitoring(Model):
    """Prometheus, Grafana and the GPU exporter."""

    scrape_interval: Annotated[Duration, doc("How often GPU metrics are read.", example="1s")] = "15s"
    retention: Annotated[Duration, doc("How long metrics are kept.", example="15d")] = "15d"
    storage: Annotated[
        Storage | None,
        doc("Size of Prometheus' volume; left out, nothing is kept.", unit="bytes", example="50Gi"),
    ] = None
    release: Annotated[
        DnsLabel,
        doc(
            "Release name of kube-prometheus-stack; its label `release` selects our monitors.",
            example="prometheus",
        ),
    ] = "prometheus"
    grafana: Annotated[Grafana, doc("Dashboards.")] = Grafana()
    alerts: Annotated[bool, doc("Install the GPU alerts.", example=True)] = True
    exporter: Annotated[
        GpuExporter | None,
        doc(
            "A DCGM exporter of your own; left out, the one that comes with `gpu.advertisedBy`.",
            example={"namespace": "gpu-metrics"},
        ),
    ] = None
