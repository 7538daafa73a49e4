"""The chart `gpu-monitoring` on a real API server, and what a real Prometheus makes of it.

prometheus-operator and Prometheus are real: the operator turns our monitor and rules into a configuration,
and Prometheus finds the pods through the API server. The exporters are stand-ins, the nodes simulated.
"""

from __future__ import annotations

import json
import math
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from generator.cluster.kubectl import Kubectl
from generator.cluster.local import LocalCluster, SimNode
from generator.errors import CommandError
from tests.cluster.platform_release import PlatformRelease
from tests.cluster.prometheus_bed.bed import NAMESPACE, PrometheusBed, wait_for
from tests.cluster.prometheus_bed.objects import bring_definitions, exporter, state_monitor

OPERATOR_SERVICE = {"app": "nvidia-dcgm-exporter"}
STATE = {"app.kubernetes.io/name": "kube-state-metrics"}
ALERTS = {
    "xid": {"window": "20s"},
    "idle": {"after": "2s"},
    "absent": "2s",
    "waiting": "2s",
}
"""Short enough to see each alert come and go."""
KINDS = ("servicemonitors.monitoring.coreos.com", "prometheusrules.monitoring.coreos.com")


def _values(apis: str = "auto", **values: Any) -> dict[str, Any]:
    return {"global": {"customResources": apis}, "gpu-monitoring": {"enabled": True, **values}}


def _ours(kubectl: Kubectl, namespace: str) -> set[str]:
    return {
        one["kind"]
        for kind in KINDS
        for one in kubectl.get_all(kind, namespace=namespace)
        if one["metadata"]["labels"]["app.kubernetes.io/name"] == "gpu-monitoring"
    }


@pytest.mark.parametrize("major", [3, 4])
def test_without_the_operators_api(
    major: int, cluster: LocalCluster, namespace: str, kubectl: Kubectl
) -> None:
    """`auto` leaves out and tells, `never` leaves out, `always` is refused by the API server."""
    release = PlatformRelease(cluster.helm(major), namespace)
    notes = release.upgrade(_values())
    assert "monitoring.coreos.com/v1/ServiceMonitor of gpu-monitoring" in notes
    assert "monitoring.coreos.com/v1/PrometheusRule of gpu-monitoring" in notes
    assert "get servicemonitor" not in notes
    assert len(kubectl.get_all("configmaps", namespace=namespace, selector="grafana_dashboard=1")) == 4
    assert "Left out" not in release.upgrade(_values("never"))
    with pytest.raises(CommandError, match=r"monitoring\.coreos\.com/v1"):
        release.upgrade(_values("always"))


@pytest.fixture(scope="module")
def operated(tmp_path_factory: pytest.TempPathFactory, upstream: Path) -> Iterator[LocalCluster]:
    """A cluster of its own with the operator's real definitions; other tests count on there being none."""
    local = LocalCluster("prometheus", state_dir=tmp_path_factory.mktemp("operated") / "state")
    local.start([SimNode("gpu", 8, "32Gi"), SimNode("big", 8, "32Gi")])
    try:
        bring_definitions(local.kubectl(), upstream / "crds/prometheus-operator")
        yield local
    finally:
        local.stop()


@pytest.mark.parametrize("major", [3, 4])
def test_with_the_operators_api(major: int, operated: LocalCluster) -> None:
    """Real definitions; what the notes say works; a second upgrade and `never` do as told."""
    kubectl, namespace = operated.kubectl(), f"helm{major}"
    release = PlatformRelease(operated.helm(major), namespace)
    for name in (namespace, f"{namespace}-gpu"):
        kubectl.run("create", "namespace", name)
    own = {"namespace": f"{namespace}-gpu", "metricsConfigMap": True}
    notes = release.upgrade(_values(exporter=own))
    assert _ours(kubectl, namespace) == {"ServiceMonitor", "PrometheusRule"}
    assert "Left out" not in notes
    commands = [line.strip() for line in notes.splitlines() if line.startswith("  kubectl ")]
    for command in commands:
        if "port-forward" not in command:
            kubectl.run(*command.split()[1:])
    assert len(commands) == 5
    release.upgrade(_values(exporter=own))
    release.upgrade(_values("never", exporter=own))
    assert _ours(kubectl, namespace) == set()


@pytest.fixture(scope="module")
def bed(operated: LocalCluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrometheusBed]:
    """The chart installed, the operator's configuration in use, both exporters read."""
    kubectl = operated.kubectl()
    for name in (NAMESPACE, "gpu-operator", "platform"):
        kubectl.run("create", "namespace", name)
    with PrometheusBed(operated, tmp_path_factory.mktemp("prometheus"), "prometheus") as bed:
        kubectl.apply(exporter("gpu-operator", "dcgm", OPERATOR_SERVICE, "gpu-metrics", ("gpu", "big")))
        kubectl.apply(exporter(NAMESPACE, "state", STATE, "http", ("big",)))
        bed.serve(_addresses(kubectl))
        bed.start_operator()
        kubectl.apply(state_monitor(NAMESPACE, "prometheus", STATE))
        PlatformRelease(operated.helm(), "platform").upgrade(
            _values(exporter={"interval": "1s"}, alerts=ALERTS)
        )
        kubectl.apply(bed.prometheus_object())
        bed.start_prometheus()
        try:
            wait_for(lambda: bed.value("sum(gpu:pods:count)") == 4, "exporters and rules are read")
        except AssertionError as error:
            error.add_note(bed.trouble())
            raise
        yield bed


def _addresses(kubectl: Kubectl) -> dict[str, str]:
    """Which node's exporter answers on each pod's address; "" for kube-state-metrics."""

    def found() -> dict[str, str] | None:
        pods = [
            *kubectl.get_all("pods", namespace="gpu-operator"),
            *kubectl.get_all("pods", namespace=NAMESPACE),
        ]
        by_address = {
            pod["status"].get("podIP", ""): pod["spec"]["nodeName"]
            if "dcgm" in pod["metadata"]["name"]
            else ""
            for pod in pods
        }
        return by_address if len(by_address) == 3 and "" not in by_address else None

    return wait_for(found, "the exporters' pods have addresses")


def test_prometheus_reads_the_exporters_through_our_monitor(bed: PrometheusBed) -> None:
    """Labels that the stack selects, port, namespace and node are right; the interval is ours."""
    active = bed.ask("targets", state="active")["data"]["activeTargets"]
    ours = [one for one in active if "gpu-monitoring" in one["scrapePool"]]
    assert sorted(one["labels"]["node"] for one in ours) == ["big", "gpu"]
    assert {one["health"] for one in ours} == {"up"}
    assert {one["scrapeInterval"] for one in ours} == {"1s"}
    rules = [rule for group in bed.ask("rules")["data"]["groups"] for rule in group["rules"]]
    assert {rule["health"] for rule in rules} == {"ok"}


def test_values_mean_what_they_say(bed: PrometheusBed) -> None:
    """A shared GPU counts once; nobody holds a GPU only because the exporter's own pod has a name."""
    assert bed.value("sum(node:gpus:count)") == 4
    assert bed.value('gpu:memory_used:bytes{node="gpu"}') == 9000 * 2**20
    assert bed.value('gpu:utilization:percent{node="gpu"}') == 90
    assert bed.value('gpu:utilization:percent{GPU_I_ID="1"}') == 50
    assert bed.query('gpu:pods:count{UUID="GPU-a100-2"}') == []
    assert bed.query('{__name__=~"DCGM.+", namespace="gpu-operator"}') == []
    assert bed.query('{hostname!=""} or {Hostname!=""}') == []
    assert bed.query("gpu:temperature:celsius > 1000") == []


def test_every_query_of_the_dashboards_gives_data(bed: PrometheusBed, operated: LocalCluster) -> None:
    """Read from the cluster as Grafana's sidecar does: by label, in all namespaces."""
    found = operated.kubectl().get_all("configmaps", selector="grafana_dashboard=1")
    dashboards = [
        json.loads(text)
        for one in found
        if one["metadata"]["namespace"] == "platform"
        for text in one["data"].values()
    ]
    assert len(dashboards) == 4
    silent = [f"{title}: {expr}" for title, expr in _queries(dashboards) if not _has_data(bed, expr)]
    assert silent == []


def _queries(dashboards: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Each with "All" chosen, and the times of a young Prometheus."""
    found = []
    for dashboard in dashboards:
        for one in dashboard["templating"]["list"]:
            if one["type"] == "query":
                selector, label = re.fullmatch(r"label_values\((.+), (\w+)\)", one["query"]["query"]).groups()  # type: ignore[union-attr]
                found.append((f"{dashboard['title']}, {one['name']}", f"group by ({label}) ({selector})"))
        for panel in dashboard["panels"]:
            found += [(panel["title"], target["expr"]) for target in panel.get("targets", ())]
    values = {"$__rate_interval": "20s", "$__range": "1h"}
    for name in ("node", "gpu", "namespace", "pod"):
        values[f"${name}"] = ".*"
    return [(title, _substituted(expr, values)) for title, expr in found]


def _substituted(expr: str, values: dict[str, str]) -> str:
    for name, value in values.items():
        expr = expr.replace(name, value)
    assert "$" not in expr, expr
    return expr


def _has_data(bed: PrometheusBed, expr: str) -> bool:
    """A subquery looks at full minutes: the next one, as this Prometheus may not have lived at the last."""
    at = math.ceil(time.time() / 60) * 60.0 if ":1m]" in expr else None
    return bool(bed.query(expr, at=at))


def test_alerts_fire_and_clear(bed: PrometheusBed) -> None:
    """XID by its change and not its value, broken memory, no metrics, idle GPUs, too many requests."""
    idle = {"GPUIdle"}
    wait_for(lambda: bed.firing() == idle, "only the idle GPUs are told of")
    assert {one["metric"]["pod"] for one in bed.query('ALERTS{alertname="GPUIdle"}')} == {"sleepy"}

    faults = {"XID_ERRORS": 79, "ROW_REMAP_FAILURE": 1}
    bed.show(faults, waiting=True)
    broken = {"GPUXid", "GPUXidHardware", "GPURowRemapFailure", "GPUSlicesOversubscribed"}
    wait_for(lambda: bed.fired() >= broken, "faults are told of")

    bed.show({"XID_ERRORS": 79})
    wait_for(lambda: bed.firing() == idle, "all is told to be over")
    assert bed.value("min(gpu:xid:code)") == 79, "the code stays"

    bed.show(silent=True)
    wait_for(lambda: "GPUExporterAbsent" in bed.firing(), "missing metrics are told of")
    bed.show()
    wait_for(lambda: "GPUExporterAbsent" not in bed.firing(), "they are back")
