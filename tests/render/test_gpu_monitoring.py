"""The chart `gpu-monitoring` by both helms; its rules by the real promtool."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.cluster.runner import SystemRunner
from generator.components.gpu_monitoring.metrics import METRICS
from generator.output.yaml_text import dump
from generator.toolchain import SilentProgress, ensure
from tests.render.conftest import Template
from tests.render.helm_binary import Document, Helm
from tests.render.promql import names_in

CHART = "gpu-monitoring"
API = ("monitoring.coreos.com/v1",)
STATE_METRICS = {
    "kube_node_status_allocatable",
    "kube_pod_container_resource_requests",
    "kube_pod_status_phase",
    "kube_resourcequota",
}
"""Those of kube-state-metrics, which is part of the stack."""
BUILT_IN = {"ALERTS"}


def _one(documents: list[Document], kind: str) -> Document:
    (found,) = [one for one in documents if one["kind"] == kind]
    return found


def _rules(documents: list[Document]) -> list[dict[str, Any]]:
    return [rule for group in _one(documents, "PrometheusRule")["spec"]["groups"] for rule in group["rules"]]


def _dashboards(documents: list[Document]) -> dict[str, dict[str, Any]]:
    return {
        name: json.loads(text)
        for one in documents
        if one["kind"] == "ConfigMap" and "dashboard" in one["metadata"]["name"]
        for name, text in one["data"].items()
    }


def _queries(dashboard: dict[str, Any]) -> list[str]:
    return [target["expr"] for panel in dashboard["panels"] for target in panel.get("targets", ())]


@pytest.fixture(scope="module")
def documents(template: Template) -> list[Document]:
    return template(CHART, {"exporter": {"metricsConfigMap": True}}, api_versions=API)


@pytest.fixture(scope="module")
def promtool() -> str:
    return str(ensure("promtool", runner=SystemRunner(), progress=SilentProgress()))


class TestMetrics:
    def test_rules_and_dashboards_use_what_is_in_the_list(self, documents: list[Document]) -> None:
        """An alert on a metric that the exporter does not serve never fires."""
        (listed,) = [one["data"] for one in documents if one["metadata"]["name"].endswith("-metrics")]
        assert listed["metrics"] == listed["dcgm-metrics.csv"]
        lines = [line.split(", ") for line in listed["metrics"].splitlines() if not line.startswith("#")]
        assert [line[0] for line in lines] == [one.name for one in METRICS]
        rules = _rules(documents)
        known = {line[0] for line in lines} | {rule["record"] for rule in rules if "record" in rule}
        exprs = [rule["expr"] for rule in rules]
        for dashboard in _dashboards(documents).values():
            exprs += _queries(dashboard)
            exprs += [
                one["query"]["query"].split("(", 1)[1].rsplit(",", 1)[0]
                for one in dashboard["templating"]["list"]
                if one["type"] == "query"
            ]
        used = set().union(*map(names_in, exprs))
        assert used - known - STATE_METRICS - BUILT_IN == set()
        assert len(used) > 30

    def test_each_line_is_one_the_exporter_reads(self) -> None:
        assert len({one.name for one in METRICS}) == len(METRICS)
        for one in METRICS:
            assert re.fullmatch(r"DCGM_(FI|EXP)_[A-Z0-9_]+", one.name)

    def test_nothing_reads_a_label_that_depends_on_the_exporters_version(
        self, documents: list[Document]
    ) -> None:
        texts = [rule["expr"] for rule in _rules(documents)]
        texts += [query for one in _dashboards(documents).values() for query in _queries(one)]
        assert not [text for text in texts if re.search("hostname|exported_", text, re.IGNORECASE)]
        (endpoint,) = _one(documents, "ServiceMonitor")["spec"]["endpoints"]
        assert endpoint["honorLabels"] is True


class TestObjects:
    def test_the_stack_finds_them_by_its_release(self, template: Template) -> None:
        values = {"stack": {"release": "kps"}, "labels": {"team": "ops"}, "exporter": {"interval": "1s"}}
        documents = template(CHART, values, api_versions=API)
        for kind in ("ServiceMonitor", "PrometheusRule"):
            assert (
                _one(documents, kind)["metadata"]["labels"].items()
                >= {
                    "release": "kps",
                    "team": "ops",
                }.items()
            )
        (endpoint,) = _one(documents, "ServiceMonitor")["spec"]["endpoints"]
        assert endpoint["interval"] == "1s"
        assert "scrapeTimeout" not in endpoint, "the operator refuses one that is longer than the interval"

    def test_where_the_exporter_is(self, template: Template) -> None:
        spec = _one(template(CHART, {}, api_versions=API), "ServiceMonitor")["spec"]
        assert spec["selector"]["matchLabels"] == {"app": "nvidia-dcgm-exporter"}
        assert spec["namespaceSelector"] == {"matchNames": ["gpu-operator"]}
        own = {"namespace": "", "labels": {"a": "b"}, "port": "metrics"}
        spec = _one(template(CHART, {"exporter": own}, api_versions=API), "ServiceMonitor")["spec"]
        assert spec["selector"]["matchLabels"] == {"a": "b"}
        assert spec["namespaceSelector"] == {"any": True}

    def test_two_releases_share_no_name_and_no_uid(self, template: Template) -> None:
        both = [template(CHART, {}, api_versions=API, release=name) for name in ("one", "two")]
        names = [{(one["kind"], one["metadata"]["name"]) for one in documents} for documents in both]
        assert not names[0] & names[1]
        files = [_dashboards(documents) for documents in both]
        assert not set(files[0]) & set(files[1]), "the sidecar writes them all into one folder"
        assert not {one["uid"] for one in files[0].values()} & {one["uid"] for one in files[1].values()}

    def test_without_the_api_only_dashboards_are_left(self, template: Template) -> None:
        assert {one["kind"] for one in template(CHART, {})} == {"ConfigMap"}
        assert template(CHART, {"dashboards": {"enabled": False}}) == []

    def test_dashboards_carry_what_the_sidecar_looks_for(self, template: Template) -> None:
        documents = template(CHART, {"dashboards": {"folder": "GPU"}})
        assert len(documents) == 4
        for one in documents:
            assert one["metadata"]["labels"]["grafana_dashboard"] == "1"
            assert one["metadata"]["annotations"]["grafana_folder"] == "GPU"
        for dashboard in _dashboards(documents).values():
            assert "generated" not in dashboard
            assert len(dashboard["uid"]) <= 40
            ids = [panel["id"] for panel in dashboard["panels"]]
            assert len(ids) == len(set(ids))

    def test_panels_do_not_overlap(self, documents: list[Document]) -> None:
        for dashboard in _dashboards(documents).values():
            cells = [
                (x, y)
                for place in (panel["gridPos"] for panel in dashboard["panels"])
                for x in range(place["x"], place["x"] + place["w"])
                for y in range(place["y"], place["y"] + place["h"])
            ]
            assert len(cells) == len(set(cells))
            assert max(x for x, _ in cells) < 24

    def test_alerts_can_be_left_out(self, template: Template) -> None:
        def alerts(**values: Any) -> list[dict[str, Any]]:
            documents = template(CHART, {"alerts": values}, api_versions=API)
            return [rule for rule in _rules(documents) if "alert" in rule]

        names = [rule["alert"] for rule in alerts()]
        assert len(names) == len(set(names)) == 16
        assert alerts(enabled=False) == []
        assert "GPUIdle" not in [rule["alert"] for rule in alerts(disabled=["GPUIdle"])]
        assert all(rule["labels"]["team"] == "ops" for rule in alerts(labels={"team": "ops"}))
        assert "GPUXidHardware" not in [rule["alert"] for rule in alerts(xid={"hardware": []})]


def test_a_wrong_value_is_refused_by_name(helm: Helm) -> None:
    assert "scrapeInterval" in helm.refusal(CHART, {"exporter": {"scrapeInterval": "1s"}})
    assert "interval" in helm.refusal(CHART, {"exporter": {"interval": "soon"}})


def test_promtool_takes_the_rules_and_they_do_what_they_say(
    documents: list[Document], promtool: str, tmp_path: Path
) -> None:
    """All cases of gpu_rules_test.yaml: series in, recorded values and alerts out."""
    rules = tmp_path / "rules.yaml"
    rules.write_text(dump(_one(documents, "PrometheusRule")["spec"]))
    cases = yaml.safe_load((Path(__file__).parent / "gpu_rules_test.yaml").read_text())
    expanded = tmp_path / "cases.yaml"
    expanded.write_text(dump(cases | {"rule_files": [str(rules)]}))
    checked = SystemRunner().run([promtool, "check", "rules", str(rules)], check=False)
    assert checked.code == 0, checked.stdout + checked.stderr
    tested = SystemRunner().run([promtool, "test", "rules", str(expanded)], check=False)
    assert tested.code == 0, tested.stdout + tested.stderr


def test_each_alert_has_a_case(documents: list[Document]) -> None:
    cases = yaml.safe_load((Path(__file__).parent / "gpu_rules_test.yaml").read_text())
    fired = {
        test["alertname"]
        for case in cases["tests"]
        for test in case.get("alert_rule_test", ())
        if test.get("exp_alerts")
    }
    assert fired == {rule["alert"] for rule in _rules(documents) if "alert" in rule}
