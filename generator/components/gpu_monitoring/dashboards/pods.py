"""GPUs by team and by pod."""

from __future__ import annotations

from generator.components.gpu_monitoring.dashboards.model import Dashboard, Panel, Query, Variable, row

_TEAM = '{namespace=~"$namespace"}'
_POD = '{namespace=~"$namespace", pod=~"$pod"}'
_NAME = "{{namespace}}/{{pod}} {{node}} GPU {{gpu}}"

PODS = Dashboard(
    name="pods",
    title="GPUs: teams and pods",
    text="Who asks for GPUs, who holds them, and what they do with them. A namespace is a team.",
    variables=(
        Variable("namespace", "namespace:gpus_requested:sum"),
        Variable("pod", "pod:gpu_memory_used:bytes", where='namespace=~"$namespace"'),
    ),
    panels=(
        row("Teams"),
        Panel(
            "Asked for",
            (Query(f"namespace:gpus_requested:sum{_TEAM}", "{{namespace}} {{resource}}"),),
            stacked=True,
        ),
        Panel(
            "Quota",
            (
                Query(
                    'max by (namespace, resource) (kube_resourcequota{namespace=~"$namespace", type="used", '
                    'resource=~"requests.nvidia.com/.+"})',
                    "{{namespace}} used",
                ),
                Query(
                    'max by (namespace, resource) (kube_resourcequota{namespace=~"$namespace", type="hard", '
                    'resource=~"requests.nvidia.com/.+"})',
                    "{{namespace}} allowed",
                ),
            ),
        ),
        Panel(
            "GPU hours in the chosen time",
            (
                Query(
                    f"sum by (namespace) (sum_over_time(namespace:gpus_requested:sum{_TEAM}[$__range:1m]))"
                    " / 60",
                    "{{namespace}}",
                    instant=True,
                ),
            ),
            "h",
            "bargauge",
            text="Hours for which GPUs, or slices of them, were asked for.",
        ),
        Panel(
            "Use of the GPUs that a team holds",
            (Query(f"avg by (namespace) (pod:gpu_utilization:percent{_TEAM})", "{{namespace}}"),),
            "percent",
            maximum=100,
        ),
        row("Pods"),
        Panel("Use", (Query(f"pod:gpu_utilization:percent{_POD}", _NAME),), "percent", maximum=100),
        Panel("Memory in use", (Query(f"pod:gpu_memory_used:bytes{_POD}", _NAME),), "bytes"),
        Panel(
            "Tensor cores",
            (
                Query(
                    f"max by (namespace, pod, node, gpu, UUID) (DCGM_FI_PROF_PIPE_TENSOR_ACTIVE{_POD} <= 1)",
                    _NAME,
                ),
            ),
            "percentunit",
            text="Of the whole GPU: pods that share one have the same line.",
        ),
        Panel(
            "Held and idle, now",
            (
                Query(
                    "max by (namespace, pod, node, gpu) "
                    f"(max_over_time(pod:gpu_utilization:percent{_POD}[10m])) < bool 5",
                    instant=True,
                ),
            ),
            "none",
            "table",
            text="1: less than 5 % at any time in the last 10 minutes.",
        ),
    ),
)
