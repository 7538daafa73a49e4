"""The chart `poddefaults` by both helms, and what a profile's Kubeflow becomes in it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.generation import umbrella_values
from generator.profile.model import Profile
from tests.render.conftest import Template
from tests.render.helm_binary import ROOT, Document, Helm, documents
from tests.render.kubernetes_schemas import VERSIONS, KubernetesSchemas, make_schemas

ALWAYS = {"global": {"customResources": "always"}}
CASES = sorted((ROOT / "charts/umbrella/charts/poddefaults/ci").glob("*-values.yaml"))
NODE = {"name": "a", "role": "control-plane", "schedulable": True, "cpu": 8, "memory": "32Gi"}
GPU_NODE = {
    "name": "g", "cpu": 8, "memory": "32Gi", "gpus": {"product": "T4", "count": 1},
    "taints": [{"key": "example.org/gpu", "value": "yes"}],
}  # fmt: skip
LABEL = "app.kubernetes.io/part-of"


def _profile(**settings: Any) -> Profile:
    base: dict[str, Any] = {"name": "lab", "nodes": [NODE], "teams": [{"name": "vision"}, {"name": "bio"}]}
    return Profile.model_validate(base | {"kubeflow": {}} | settings)


def _kind(found: list[Document], kind: str) -> list[Document]:
    return [one for one in found if one["kind"] == kind]


@pytest.fixture
def render(template: Template) -> Any:
    """Documents of the chart for a profile, custom resources included."""

    def render(profile: Profile, **options: Any) -> list[Document]:
        values = umbrella_values(profile)
        shared = {"global": values.get("global", {})}
        return template("poddefaults", [shared, values["poddefaults"], ALWAYS], **options)

    return render


@pytest.fixture(scope="module")
def schemas(tmp_path_factory: pytest.TempPathFactory, upstream: Path) -> KubernetesSchemas:
    folder = tmp_path_factory.mktemp("crds")
    shutil.copy(upstream / "crds/kubeflow/kubeflow.org_poddefaults.yaml", folder)
    return make_schemas(tmp_path_factory.mktemp("schemas") / "poddefaults", folder)


@pytest.mark.parametrize("version", VERSIONS)
def test_every_case_fits_the_definitions(
    helms: dict[str, Helm], schemas: KubernetesSchemas, version: str
) -> None:
    assert CASES
    for case in [*CASES, ROOT / "tests/render/bases/poddefaults-all.yaml"]:
        text = helms["helm4"].render("poddefaults", [case, ALWAYS], kube_version=version).stdout
        found = schemas.check_text(version, text)
        assert (case.name, found.faults) == (case.name, ())
        assert found.valid == len(documents(text)) > 0


def test_each_team_can_reach_pipelines(render: Any) -> None:
    """F16."""
    found = [one for one in render(_profile()) if one["metadata"]["name"] == "access-ml-pipeline"]
    assert [one["metadata"]["namespace"] for one in found] == ["bio", "vision"]
    example = next(
        one
        for one in yaml.safe_load_all((ROOT.parent / "shared/upstream/examples/objects.yaml").read_text())
        if one["kind"] == "PodDefault"
    )
    assert all(one["spec"] == example["spec"] for one in found), "as Kubeflow's own"


def test_the_webhook_looks_at_the_teams_namespaces(template: Template) -> None:
    for profile, wanted in ((_profile(), "kubeflow-profile"), (_profile(kubeflow=None), "labhelm")):
        found = _kind(template("teams", umbrella_values(profile)["teams"]), "Namespace")
        assert [one["metadata"]["labels"][LABEL] for one in found] == [wanted, wanted]


def test_without_kubeflow_there_is_nothing(render: Any) -> None:
    assert umbrella_values(_profile(kubeflow=None))["poddefaults"]["enabled"] is False


def test_gpus_bring_tolerations_shared_memory_and_the_runtime_class(render: Any) -> None:
    found = render(_profile(nodes=[NODE, GPU_NODE]))
    spec = next(one for one in found if one["metadata"]["name"] == "gpu-runtime")["spec"]
    assert spec["selector"] == {"matchLabels": {"gpu-runtime": "true"}}
    assert spec["tolerations"] == [
        {"key": "example.org/gpu", "operator": "Equal", "value": "yes", "effect": "NoSchedule"}
    ]
    assert spec["volumeMounts"] == [{"name": "shared-memory", "mountPath": "/dev/shm"}]
    (policy,) = _kind(found, "MutatingAdmissionPolicy")
    assert "nvidia.com/gpu" in policy["spec"]["matchConditions"][1]["expression"]
    assert '"nvidia"' in policy["spec"]["mutations"][0]["applyConfiguration"]["expression"]
    assert policy["spec"]["matchConstraints"]["namespaceSelector"]["matchLabels"] == {
        LABEL: "kubeflow-profile"
    }


def test_before_kubernetes_1_36_there_is_no_policy(render: Any) -> None:
    found = render(_profile(nodes=[NODE, GPU_NODE]), kube_version="1.35.4")
    assert not [one for one in found if one["kind"].startswith("MutatingAdmission")]


def test_nobody_gets_a_runtime_class_that_nobody_needs(render: Any) -> None:
    default = _profile(nodes=[NODE, GPU_NODE], gpu={"defaultRuntime": True})
    for profile in (_profile(), default):
        assert not _kind(render(profile), "MutatingAdmissionPolicy")


def test_a_volume_is_offered_where_its_claim_is(render: Any) -> None:
    storage = {
        "volumes": {
            "data": {
                "size": "1Gi",
                "nfs": {"server": "n", "path": "/d"},
                "claim": {"team": "bio", "name": "c"},
            }
        }
    }
    mount = {"volume": "data", "mountPath": "/data", "subPath": "shared", "readOnly": True}
    found = render(_profile(storage=storage, kubeflow={"volumes": [mount]}))
    (made,) = (one for one in found if one["metadata"]["name"] == "data")
    assert made["metadata"]["namespace"] == "bio"
    assert made["spec"]["volumes"] == [{"name": "data", "persistentVolumeClaim": {"claimName": "c"}}]
    assert made["spec"]["volumeMounts"] == [
        {"name": "data", "mountPath": "/data", "subPath": "shared", "readOnly": True}
    ]


def test_a_proxy_in_both_spellings_leaves_the_cluster_alone(render: Any) -> None:
    found = render(_profile(kubeflow={"proxy": {"http": "http://proxy:3128", "direct": [".example.org"]}}))
    made = next(one for one in found if one["metadata"]["name"] == "proxy")
    env = {one["name"]: one["value"] for one in made["spec"]["env"]}
    assert env["HTTP_PROXY"] == env["http_proxy"] == env["HTTPS_PROXY"] == env["https_proxy"]
    assert {".svc", ".cluster.local", "10.96.0.0/12", "10.244.0.0/16", ".example.org"} <= set(
        env["NO_PROXY"].split(",")
    )


def test_pull_secrets_of_all_and_of_a_team(render: Any) -> None:
    teams = [{"name": "vision"}, {"name": "bio", "pullSecrets": ["own"]}]
    found = render(_profile(teams=teams, pullSecrets=["arlregcred"]))
    secrets = {
        (one["metadata"]["namespace"], one["metadata"]["name"]): one["spec"]["imagePullSecrets"]
        for one in _kind(found, "PodDefault")
        if "imagePullSecrets" in one["spec"]
    }
    assert secrets == {
        ("bio", "pull-secrets"): [{"name": "arlregcred"}],
        ("vision", "pull-secrets"): [{"name": "arlregcred"}],
        ("bio", "pull-secrets-bio"): [{"name": "own"}],
    }


def test_ones_own(render: Any) -> None:
    own = {"title": "Cache", "env": {"A": "b"}, "labels": {"x": "y"}, "teams": ["bio"], "pullSecrets": ["s"]}
    found = render(_profile(kubeflow={"podDefaults": {"cache": own}}))
    (made,) = (one for one in found if one["metadata"]["name"] == "cache")
    assert made["metadata"]["namespace"] == "bio"
    assert made["spec"] == {
        "desc": "Cache",
        "selector": {"matchLabels": {"x": "y"}},
        "env": [{"name": "A", "value": "b"}],
        "imagePullSecrets": [{"name": "s"}],
    }


class TestLater:
    """Namespaces that come later."""

    def test_they_get_what_is_for_all_namespaces(self, template: Template) -> None:
        found = template("poddefaults", [ROOT / "tests/render/bases/poddefaults-all.yaml", ALWAYS])
        (map_,) = _kind(found, "ConfigMap")
        settings = json.loads(map_["data"]["settings.json"])
        assert settings["podDefaults"].keys() == {"all"}
        (here,) = (
            one
            for one in _kind(found, "PodDefault")
            if (one["metadata"]["namespace"], one["metadata"]["name"]) == ("robots", "all")
        )
        assert settings["podDefaults"]["all"] == here["spec"]
        assert settings["others"] == ["vision", "robots"]

    def test_a_limited_deployer_keeps_it_off(self) -> None:
        limited = umbrella_values(_profile(cluster={"deployer": {}}))["poddefaults"]
        assert not limited.get("later", {}).get("enabled")
        free = umbrella_values(_profile(cluster={"deployer": {"clusterAdmin": True}}))["poddefaults"]
        assert free["later"]["enabled"] is True

    def test_never_means_never(self, template: Template) -> None:
        never = {"global": {"customResources": "never"}}
        found = template("poddefaults", [ROOT / "tests/render/bases/poddefaults-all.yaml", never])
        assert {one["kind"] for one in found} <= {
            "MutatingAdmissionPolicy", "MutatingAdmissionPolicyBinding"
        }  # fmt: skip
