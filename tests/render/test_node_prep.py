"""The chart `node-prep`: what its modes may do, who belongs to which group, what the agent is told."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from generator.chartdocs.ctlint import lint_chart
from generator.chartdocs.schema import draft07
from generator.cluster.runner import SystemRunner
from generator.components import node_prep
from generator.components.node_prep.build import seconds
from generator.machines.settings import Settings
from generator.output.yaml_text import dump_values, plain
from generator.profile.model import Profile
from tests.render.conftest import Template
from tests.render.helm_binary import ROOT, Document, Helm
from tests.render.kubernetes_schemas import VERSIONS, make_schemas
from tests.render.samples import Sampler, typos
from tests.render.test_typos import sections

CHART = ROOT / "charts/node-prep"
AGENT = CHART / "agent"
PROFILES = sorted((ROOT / "values").glob("*/node-prep.yaml"))
GROUPS = {
    "groups": {
        "gpu": {"nodes": ["kitt", "karr"], "settings": {"containerd": {"manage": True}}},
        "edge": {"nodeLabel": {"example.org/edge": "yes"}},
    }
}
FULL = GROUPS | {
    "mode": "apply",
    "undoOnUninstall": True,
    "metrics": {"textfileDirectory": "/var/lib/node_exporter"},
    "nodes": {"kitt": {"labels": {"a": "b"}, "taints": [{"key": "k", "effect": "NoSchedule"}]}},
}
CASES: dict[str, Any] = {
    "defaults": {}, "full": FULL, "undo": {"mode": "undo"}, **{path.parent.name: path for path in PROFILES}
}  # fmt: skip


def of_kind(documents: list[Document], kind: str) -> dict[str, Document]:
    """Objects of a kind by their component or name."""
    return {
        one["metadata"]["name"].removeprefix("platform-node-prep-"): one
        for one in documents
        if one["kind"] == kind
    }


def agent_pod(documents: list[Document], group: str = "default") -> dict[str, Any]:
    spec: dict[str, Any] = of_kind(documents, "DaemonSet")[group]["spec"]["template"]["spec"]
    return spec


def settings_of(documents: list[Document], group: str = "default") -> dict[str, Any]:
    told: dict[str, Any] = json.loads(
        of_kind(documents, "ConfigMap")[f"settings-{group}"]["data"]["settings.json"]
    )
    return told


def run_agent(code: str, *arguments: str) -> str:
    """Run Python that can import the agent, apart from our own process; what it printed."""
    argv = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(argv, cwd=CHART, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_ct_and_both_helms_find_no_fault(helms: dict[str, Helm]) -> None:
    programs = [helm.program for helm in helms.values()]
    assert "\n".join(lint_chart(CHART, ROOT, programs, SystemRunner())) == ""


@pytest.mark.parametrize("case", CASES)
def test_every_document_is_valid(
    case: str, template: Template, tmp_path: Path, helms: dict[str, Helm]
) -> None:
    template("node-prep", CASES[case])
    schemas = make_schemas(tmp_path)
    for version in VERSIONS:
        text = helms["helm4"].render("node-prep", CASES[case], kube_version=version).stdout
        assert schemas.check_text(version, text).faults == ()


def test_every_one_letter_typo_is_refused() -> None:
    makes = Sampler(draft07(node_prep.values))
    validator, whole = Draft7Validator(makes.schema), makes.whole()
    for path, keys in sections(makes, whole):
        mistyped = copy.deepcopy(whole)
        here = mistyped
        for step in path:
            here = here[step]
        words = {word for key in keys for word in typos(key)} - set(keys)
        here.update(dict.fromkeys(words, 0))
        refused = {
            word
            for error in validator.iter_errors(mistyped)
            if error.validator == "additionalProperties" and tuple(error.absolute_path) == path
            for word in set(error.instance) - set(error.schema["properties"])
        }
        assert words <= refused


def test_helm_names_a_typo(helm: Helm) -> None:
    said = helm.refusal("node-prep", {"settings": {"containerd": {"mange": True}}})
    assert "mange" in said


def test_plan_cannot_write(template: Template) -> None:
    pod = agent_pod(template("node-prep", {}))
    (container,) = pod["containers"]
    host = next(one for one in container["volumeMounts"] if one["name"] == "host")
    assert host == {
        "name": "host", "mountPath": "/host", "readOnly": True, "recursiveReadOnly": "IfPossible"
    }  # fmt: skip
    assert "privileged" not in container["securityContext"]
    assert container["securityContext"]["capabilities"]["drop"] == ["ALL"]
    assert pod["volumes"][0]["hostPath"] == {"path": "/", "type": "Directory"}
    assert sum("hostPath" in volume for volume in pod["volumes"]) == 1


def test_only_apply_may_drain_and_write(template: Template) -> None:
    plan, apply = (template("node-prep", {"mode": mode}) for mode in ("plan", "apply"))
    rules = {name: of_kind(found, "ClusterRole")["agent"]["rules"] for name, found in
             (("plan", plan), ("apply", apply))}  # fmt: skip
    assert [rule["resources"] for rule in rules["plan"]] == [["nodes"], ["nodes/status"]]
    assert [rule["resources"] for rule in rules["apply"]][2:] == [["pods"], ["pods/eviction"]]
    assert agent_pod(apply)["containers"][0]["securityContext"]["privileged"] is True
    assert [settings_of(found)["mode"] for found in (plan, apply)] == ["plan", "apply"]
    verbs = {verb for found in rules.values() for rule in found for verb in rule["verbs"]}
    assert "*" not in verbs
    assert "delete" not in verbs


def test_namespace_is_made_with_pod_security_unless_it_is_the_releases(template: Template) -> None:
    made = of_kind(template("node-prep", {}), "Namespace")["labhelm-node-prep"]
    assert made["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "privileged"
    own = template("node-prep", {"namespace": ""})
    assert "Namespace" not in {one["kind"] for one in own}
    assert of_kind(own, "DaemonSet")["default"]["metadata"]["namespace"] == "platform"


def test_each_node_is_in_one_group(template: Template) -> None:
    documents = template("node-prep", FULL)

    def terms(group: str) -> list[dict[str, Any]]:
        affinity = agent_pod(documents, group)["affinity"]["nodeAffinity"]
        found: list[dict[str, Any]] = affinity["requiredDuringSchedulingIgnoredDuringExecution"][
            "nodeSelectorTerms"
        ]
        return found

    def field(operator: str, name: str) -> dict[str, Any]:
        return {"key": "metadata.name", "operator": operator, "values": [name]}

    def label(operator: str) -> dict[str, Any]:
        return {"key": "example.org/edge", "operator": operator, "values": ["yes"]}

    assert terms("gpu") == [{"matchFields": [field("In", name)]} for name in ("kitt", "karr")]
    assert terms("edge") == [{"matchExpressions": [label("In")]}]
    assert terms("default") == [
        {
            "matchFields": [field("NotIn", name) for name in ("kitt", "karr")],
            "matchExpressions": [label("NotIn")],
        }
    ]
    assert "affinity" not in agent_pod(template("node-prep", {}))


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"groups": {"default": {"nodes": ["kitt"]}}}, "groups.default"),
        ({"groups": {"gpu": {}}}, "groups.gpu: needs nodes or nodeLabel"),
        ({"groups": {"a": {"nodes": ["x"]}, "b": {"nodes": ["x"]}}}, "node x is in group a already"),
        ({"undoOnUninstall": True}, "agents in mode plan cannot write"),
        ({"mode": "aply"}, "mode"),
        ({"image": {"repository": "python", "tag": ""}}, "needs a tag or a digest"),
        ({"image": {"repository": "python", "tag": "latest"}}, "latest"),
    ],
)
def test_values_that_make_no_sense_are_refused(values: dict[str, Any], said: str, helm: Helm) -> None:
    assert said in helm.refusal("node-prep", values)


def test_a_groups_key_replaces_the_same_key_of_all(template: Template) -> None:
    values = GROUPS | {"settings": {"swap": "off", "containerd": {"cdi": False}}}
    documents = template("node-prep", values)
    told = settings_of(documents, "gpu")
    assert (told["swap"], told["containerd"]) == ("off", {"manage": True})
    assert settings_of(documents, "edge")["containerd"]["cdi"] is False


def test_the_agent_takes_what_the_chart_tells_it(template: Template, tmp_path: Path) -> None:
    for name, values in CASES.items():
        documents = template("node-prep", values)
        for group in of_kind(documents, "DaemonSet"):
            file = tmp_path / f"{name}-{group}.json"
            file.write_text(json.dumps(settings_of(documents, group)))
            run_agent("import sys; from agent.validate import load; load(sys.argv[1])", str(file))


def test_the_chart_knows_every_setting_of_the_agent() -> None:
    code = (
        "import dataclasses, json; from agent.settings import Settings; from agent.decode import camel\n"
        "def keys(item): return {camel(k): keys(v) if isinstance(v, dict) else 0 for k, v in item.items()}\n"
        "print(json.dumps(keys(dataclasses.asdict(Settings()))))"
    )
    agent = json.loads(run_agent(code))
    # Said by the chart as a whole, or by node.
    for own in ("mode", "node", "drain", "lease", "stateDir"):
        del agent[own]
    ours = json.loads(json.dumps(Settings().model_dump(by_alias=True)))
    assert _keys(ours) == _keys(agent)


def _keys(value: Any) -> Any:
    return {key: _keys(below) for key, below in value.items()} if isinstance(value, dict) else 0


def test_the_whole_agent_is_shipped_and_fits(template: Template, helms: dict[str, Helm]) -> None:
    documents = template("node-prep", {})
    maps = of_kind(documents, "ConfigMap")
    volumes = {one["name"]: one for one in agent_pod(documents)["volumes"]}
    shipped = {}
    for source in volumes["program"]["projected"]["sources"]:
        name = source["configMap"]["name"].removeprefix("platform-node-prep-")
        for item in source["configMap"].get("items", []):
            shipped[item["path"]] = maps[name]["data"][item["key"]]
    wanted = {str(path.relative_to(CHART)): path.read_text() for path in AGENT.rglob("*.py")}
    assert {path: text for path, text in shipped.items() if path.startswith("agent/")} == wanted
    # `kubectl apply` keeps an object in an annotation of at most 256 KiB.
    assert max(len(json.dumps(one)) for one in maps.values()) < 200_000
    assert len(helms["helm4"].render("node-prep", FULL).stdout) < 700_000


def test_pods_restart_when_their_settings_change(template: Template) -> None:
    def checksums(values: dict[str, Any]) -> dict[str, Any]:
        sets = of_kind(template("node-prep", values), "DaemonSet")
        return {
            n: d["spec"]["template"]["metadata"]["annotations"]["checksum/settings"] for n, d in sets.items()
        }

    before = checksums(GROUPS)
    after = checksums(GROUPS | {"settings": {"swap": "off"}})
    assert all(before[name] != after[name] for name in before)
    changed: dict[str, Any] = copy.deepcopy(GROUPS)
    changed["groups"]["gpu"]["settings"] = {"swap": "off"}
    assert {name for name in before if before[name] != checksums(changed)[name]} == {"gpu"}


def test_shell_and_scripts_are_clean() -> None:
    subprocess.run(["sh", "-n", str(CHART / "files/loop.sh")], check=True)
    for script in (CHART / "files").glob("*.py"):
        compile(script.read_text(), script.name, "exec")


def profile(**changes: Any) -> Profile:
    nodes = [
        {"name": "bonnie", "address": "10.0.0.1", "role": "control-plane", "purposes": ["system"], "cpu": 4,
         "memory": "8Gi"},
        {"name": "kitt", "address": "10.0.0.2", "cpu": 4, "memory": "8Gi",
         "gpus": {"product": "Tesla-T4", "count": 1}},
        {"name": "karr", "address": "10.0.0.3", "cpu": 4, "memory": "8Gi", "group": "gpu"},
        {"name": "kate", "address": "10.0.0.4", "cpu": 4, "memory": "8Gi", "group": "big",
         "taints": [{"key": "example.org/big"}]},
    ]  # fmt: skip
    prep = {"groups": {"gpu": {"swap": "keep"}, "big": {"kubelet": {"maxPods": 250}}}, "interval": "1h30m"}
    written = {"name": "lab", "nodes": nodes, "nodePrep": prep, "gpu": {"advertisedBy": "device-plugin"}}
    return Profile.model_validate(written | changes, by_alias=True, by_name=False)


def test_a_profile_becomes_groups_of_nodes() -> None:
    values = node_prep.build(profile())
    assert {name: group.nodes for name, group in values.groups.items()} == {
        "gpu": ["karr"], "big": ["kate"], "gpu-3": ["kitt"]
    }  # fmt: skip
    assert values.groups["gpu"].settings.swap == "limited"
    assert values.groups["gpu-3"].settings.containerd.nvidia.enabled
    assert plain(values.groups["big"].settings) == {"kubelet": {"config": {"maxPods": 250}}}
    assert values.settings.sysctls["net.ipv4.ip_forward"] == "1"
    assert values.nodes["bonnie"].labels == {"labhelm.io/system": "true"}
    assert values.nodes["kate"].taints[0].key == "example.org/big"
    assert (values.mode, values.interval_seconds, values.jitter_seconds) == ("plan", 5400, 450)


def test_a_profile_without_addresses_has_settings_too() -> None:
    nodes = [{"name": "box", "cpu": 4, "memory": "8Gi", "role": "control-plane"}]
    values = node_prep.build(profile(nodes=nodes, nodePrep={}))
    assert values.groups == {}
    assert values.settings.checks.peers == []
    assert values.settings.swap == "off"


def test_built_values_render(template: Template) -> None:
    documents = template("node-prep", dump_values(node_prep.build(profile())))
    assert set(of_kind(documents, "DaemonSet")) == {"default", "gpu", "gpu-3", "big"}
    assert json.loads(of_kind(documents, "ConfigMap")["nodes"]["data"]["nodes.json"])["kate"]["taints"]


def test_durations_in_seconds() -> None:
    assert [seconds(text) for text in ("30s", "5m", "1h30m", "1d", "1500ms")] == [30, 300, 5400, 86400, 1]


def test_profiles_values_are_what_the_chart_gets() -> None:
    assert {path.parent.name for path in PROFILES} == {
        path.stem for path in (ROOT / "profiles").glob("*.yaml")
    }
    for path in PROFILES:
        yaml.safe_load(path.read_text())
