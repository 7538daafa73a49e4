"""GPUs that several pods share."""

from __future__ import annotations

from generator.components.gpu_monitoring.dashboards.model import Dashboard, Panel, Query, Variable

_HERE = '{node=~"$node"}'
_NAME = "{{node}} GPU {{gpu}} {{GPU_I_PROFILE}}"

SHARING = Dashboard(
    name="sharing",
    title="GPUs: shared",
    text="Slices of GPUs: how many there are, who holds them, and whether the memory is enough for all.",
    variables=(Variable("node", "node:gpus:count"),),
    panels=(
        Panel("Pods on each GPU", (Query(f"gpu:pods:count{_HERE}", _NAME),), stacked=True),
        Panel(
            "Slices of each node, and GPUs behind them",
            (
                Query(f"node:gpus_allocatable:sum{_HERE}", "{{node}} {{resource}}"),
                Query(f"node:gpus:count{_HERE}", "{{node}} GPUs"),
            ),
        ),
        Panel(
            "Slices asked for by waiting pods",
            (Query("sum by (resource) (resource:gpus_waiting:sum)", "{{resource}}"),),
            text="They do not fit: all slices are held.",
        ),
        Panel(
            "Memory, pod by pod",
            (
                Query(f"pod:gpu_memory_used:bytes{_HERE}", "{{node}} GPU {{gpu}} {{namespace}}/{{pod}}"),
                Query(f"gpu:memory:bytes{_HERE}", f"{_NAME} there"),
            ),
            "bytes",
            text="Time-slicing divides time, not memory: one pod can take all of it.",
        ),
        Panel(
            "Memory in use",
            (Query(f"100 * gpu:memory_used:bytes{_HERE} / gpu:memory:bytes{_HERE}", _NAME),),
            "percent",
            maximum=100,
            limits=(80, 95),
        ),
        Panel(
            "Use, all pods together",
            (Query(f"gpu:utilization:percent{_HERE}", _NAME),),
            "percent",
            maximum=100,
        ),
        Panel(
            "Use, pod by pod",
            (Query(f"pod:gpu_utilization:percent{_HERE}", "{{node}} GPU {{gpu}} {{namespace}}/{{pod}}"),),
            "percent",
            maximum=100,
            text="Needs the exporter's host PID and pod UIDs; else each pod shows the whole GPU.",
        ),
    ),
)
