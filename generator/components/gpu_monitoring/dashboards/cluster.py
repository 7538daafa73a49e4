"""All GPUs of the cluster at one glance."""

from __future__ import annotations

from generator.components.gpu_monitoring.dashboards.model import Dashboard, Panel, Query, row


def _number(title: str, expr: str, unit: str = "short", limits: tuple[float, float] | None = None) -> Panel:
    return Panel(title, (Query(expr, instant=True),), unit, "stat", width=4, height=4, limits=limits)


CLUSTER = Dashboard(
    name="cluster",
    title="GPUs: cluster",
    text="What the GPUs of the whole cluster do. A shared GPU counts once.",
    variables=(),
    panels=(
        _number("GPUs", "sum(node:gpus:count)"),
        _number("Held by pods", "count(group by (node, UUID) (gpu:pods:count))"),
        _number("Use", "avg(gpu:utilization:percent)", "percent"),
        _number(
            "Memory in use", "100 * sum(gpu:memory_used:bytes) / sum(gpu:memory:bytes)", "percent", (80, 95)
        ),
        _number("Power", "sum(gpu:power:watts)", "watt"),
        _number("Hottest", "max(gpu:temperature:celsius)", "celsius", (83, 90)),
        row("Use"),
        Panel(
            "Use by node",
            (Query("avg by (node) (gpu:utilization:percent)", "{{node}}"),),
            "percent",
            maximum=100,
        ),
        Panel(
            "Memory by node",
            (
                Query("sum by (node) (gpu:memory_used:bytes)", "{{node}} in use"),
                Query("sum by (node) (gpu:memory:bytes)", "{{node}} there"),
            ),
            "bytes",
        ),
        Panel(
            "Asked for, by team",
            (Query("sum by (namespace) (namespace:gpus_requested:sum)", "{{namespace}}"),),
            stacked=True,
            text="GPUs, or slices of them, that pods ask for, waiting pods included.",
        ),
        Panel(
            "Can be asked for, and is",
            (
                Query("sum by (resource) (node:gpus_allocatable:sum)", "{{resource}} there"),
                Query("sum by (resource) (namespace:gpus_requested:sum)", "{{resource}} asked for"),
            ),
        ),
        row("Health"),
        Panel("Power by node", (Query("sum by (node) (gpu:power:watts)", "{{node}}"),), "watt", stacked=True),
        Panel(
            "Temperature, hottest GPU of a node",
            (Query("max by (node) (gpu:temperature:celsius)", "{{node}}"),),
            "celsius",
            limits=(83, 90),
        ),
        Panel(
            "Last XID error of each GPU",
            (Query("gpu:xid:code", "{{node}} GPU {{gpu}}", instant=True),),
            "none",
            "table",
            text="0 is none. A code stays until the driver is loaded again: it says what happened, not when.",
        ),
        Panel(
            "Alerts of now",
            (Query('ALERTS{alertname=~"GPU.+", alertstate="firing"} or vector(0)', instant=True),),
            "none",
            "table",
        ),
    ),
)
