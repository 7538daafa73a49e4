"""From a profile's `monitoring` and `gpu` sections to the chart's values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.components import monitoring_labels
from generator.components.gpu_monitoring.values import Alerts, Exporter, GpuMonitoringValues, Stack
from generator.components.gpu_sharing.base_values import exporter_env as sharing_env
from generator.components.shared import build_global
from generator.profile.durations import milliseconds

if TYPE_CHECKING:
    from generator.profile.model import Profile


def build(profile: Profile) -> GpuMonitoringValues:
    """`enabled=False` without monitoring, without GPUs, or where no exporter is known."""
    shared, wish, exporter = build_global(profile), profile.monitoring, _exporter(profile)
    if wish is None or exporter is None or not any(node.gpus for node in profile.nodes):
        return GpuMonitoringValues(enabled=False, global_=shared)
    return GpuMonitoringValues(
        global_=shared,
        stack=Stack(release=wish.release),
        exporter=exporter,
        alerts=Alerts(enabled=wish.alerts),
    )


def exporter_env(profile: Profile) -> dict[str, str]:
    """Environment of the exporter that the base layer installs.

    Left alone it collects every 30 s, however often it is asked.
    """
    wish = profile.monitoring
    interval = {} if wish is None else {"DCGM_EXPORTER_INTERVAL": str(milliseconds(wish.scrape_interval))}
    return {**sharing_env(profile), **interval}


def _exporter(profile: Profile) -> Exporter | None:
    """The team's own one needs our list of metrics; to another the base layer gives it."""
    wish, known = profile.monitoring, monitoring_labels.exporter_of(profile.gpu)
    if wish is None:
        return None
    if own := wish.exporter:
        return Exporter(
            namespace=own.namespace,
            labels=dict(own.labels),
            port=own.port,
            interval=wish.scrape_interval,
            metrics_config_map=True,
        )
    if known is None:
        return None
    return Exporter(
        namespace=known.namespace, labels=dict(known.labels), port=known.port, interval=wish.scrape_interval
    )
