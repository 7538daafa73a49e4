"""The chart `training` by both helms, and its objects against the real custom resource definitions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.render.bases import bases
from tests.render.conftest import Template
from tests.render.helm_binary import ROOT, Document, Helm
from tests.render.kubernetes_schemas import VERSIONS, KubernetesSchemas, make_schemas

ALWAYS = {"global": {"customResources": "always"}}
IMAGE = {"repository": "pytorch/pytorch", "tag": "2.13.0"}
CI = sorted((ROOT / "charts/umbrella/charts/training/ci").glob("*-values.yaml"))
BASES = sorted((ROOT / "tests/render/bases").glob("training-*.yaml"))


@pytest.fixture(scope="module")
def schemas(tmp_path_factory: pytest.TempPathFactory, upstream: Path) -> KubernetesSchemas:
    return make_schemas(tmp_path_factory.mktemp("schemas") / "training", upstream / "crds")


@pytest.mark.parametrize("values", [*CI, *BASES, ROOT / "values/lab.yaml"], ids=lambda path: path.stem)
def test_custom_resources_fit_their_definitions(
    helms: dict[str, Helm], schemas: KubernetesSchemas, values: Path
) -> None:
    """P28: a TrainJob, its runtimes, PyTorchJobs and queues."""
    chart = "umbrella" if values.stem == "lab" else "training"
    text = helms["helm4"].render(chart, [values, ALWAYS]).stdout
    assert schemas.check_text(VERSIONS[-1], text).faults == ()


def test_a_broken_one_is_found(helms: dict[str, Helm], schemas: KubernetesSchemas) -> None:
    text = helms["helm4"].render("training", [BASES[0], ALWAYS]).stdout
    for good in ("numNodes:", "nominalQuota:", "replicatedJobs:", "nodeLabels:", "clusterQueue:"):
        assert good in text
        assert schemas.check_text(VERSIONS[-1], text.replace(good, f"{good[:-2]}:")).faults


def _kinds(documents: list[Document], kind: str) -> list[Document]:
    return [one for one in documents if one["kind"] == kind]


def _render(template: Template, values: dict[str, Any], **options: Any) -> list[Document]:
    return template("training", [values, ALWAYS], **options)


class TestRuntimes:
    def test_what_trainer_looks_for_is_there(self, template: Template) -> None:
        for base in ("training-all", "training-mpi"):
            for runtime in template("training", bases("training")[base]):
                if runtime["kind"] not in ("ClusterTrainingRuntime", "TrainingRuntime"):
                    continue
                jobs = runtime["spec"]["template"]["spec"]["replicatedJobs"]
                marked = [one["name"] for one in jobs if "metadata" in one["template"]]
                mpi = "mpi" in runtime["spec"]["mlPolicy"]
                assert marked == (["launcher"] if mpi else ["node"]), "one trainer"
                for job in jobs:
                    pod = job["template"]["spec"]["template"]["spec"]
                    assert [one["name"] for one in pod["containers"]] == ["node"]

    def test_pods_keep_to_pod_security_restricted(self, template: Template) -> None:
        """They are inside custom resources, where the test of all charts does not look."""
        for runtime in _kinds(
            template("training", bases("training")["training-all"]), "ClusterTrainingRuntime"
        ):
            for job in runtime["spec"]["template"]["spec"]["replicatedJobs"]:
                pod = job["template"]["spec"]["template"]["spec"]
                assert pod["securityContext"]["runAsNonRoot"] is True
                assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
                assert pod["automountServiceAccountToken"] is False
                for container in pod["containers"]:
                    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
                    assert container["securityContext"]["allowPrivilegeEscalation"] is False
                    assert {"requests", "limits"} <= container["resources"].keys()

    def test_only_pods_with_gpus_get_the_runtime_class(self, template: Template) -> None:
        names = {"gpu": {"resourceName": "nvidia.com/gpu.shared", "runtimeClassName": "nvidia"}}
        runtimes = {"with": {"image": IMAGE, "gpus": 2}, "without": {"image": IMAGE}}
        documents = _render(template, {"runtimes": runtimes, "global": names})
        found = {}
        for one in _kinds(documents, "ClusterTrainingRuntime"):
            pod = one["spec"]["template"]["spec"]["replicatedJobs"][0]["template"]["spec"]["template"]["spec"]
            limits = pod["containers"][0]["resources"]["limits"]
            found[one["metadata"]["name"]] = (
                pod.get("runtimeClassName"),
                limits.get("nvidia.com/gpu.shared"),
            )
        assert found == {"with": ("nvidia", "2"), "without": (None, None)}

    def test_namespaces_get_runtimes_of_their_own(self, template: Template) -> None:
        values = {
            "runtimes": {"t": {"image": IMAGE}},
            "namespaces": ["a", "b"],
            "jobs": {"j": {"runtime": "t"}},
        }
        documents = _render(template, values)
        places = [one["metadata"]["namespace"] for one in _kinds(documents, "TrainingRuntime")]
        assert places == ["a", "b"]
        assert _kinds(documents, "TrainJob")[0]["spec"]["runtimeRef"]["kind"] == "TrainingRuntime"


class TestJobs:
    JOB = {
        "namespace": "vision",
        "nodes": 3,
        "gpus": 1,
        "queue": "vision",
        "image": IMAGE,
        "env": {"EPOCHS": 3},
    }

    def test_a_train_job_names_its_runtime_sizes_and_queue(self, template: Template) -> None:
        (job,) = _kinds(_render(template, {"jobs": {"j": self.JOB}}), "TrainJob")
        assert job["metadata"]["labels"]["kueue.x-k8s.io/queue-name"] == "vision"
        trainer = job["spec"]["trainer"]
        assert trainer["numNodes"] == 3
        assert trainer["resourcesPerNode"]["limits"]["nvidia.com/gpu"] == "1"
        assert trainer["env"] == [{"name": "EPOCHS", "value": "3"}]

    @pytest.mark.parametrize(("nodes", "workers"), [(1, 0), (3, 2)])
    def test_v1_makes_a_pytorch_job_whose_containers_are_found(
        self, template: Template, nodes: int, workers: int
    ) -> None:
        values = {"operator": "training-operator-v1", "jobs": {"j": self.JOB | {"nodes": nodes}}}
        (job,) = _kinds(_render(template, values), "PyTorchJob")
        replicas = job["spec"]["pytorchReplicaSpecs"]
        assert replicas["Master"]["replicas"] == 1
        assert replicas.get("Worker", {}).get("replicas", 0) == workers
        for part in replicas.values():
            assert part["template"]["metadata"]["labels"]["sidecar.istio.io/inject"] == "false"
            (container,) = part["template"]["spec"]["containers"]
            assert container["name"] == "pytorch"

    def test_a_changed_job_is_another_object(self, template: Template) -> None:
        """A running job's spec cannot be changed."""
        names = [
            _kinds(_render(template, {"jobs": {"j": self.JOB | {"nodes": n}}}), "TrainJob")[0]["metadata"][
                "name"
            ]
            for n in (1, 1, 2)
        ]
        assert names[0] == names[1] != names[2]

    def test_a_pytorch_job_without_image_is_refused(self, helm: Helm) -> None:
        values = {"operator": "training-operator-v1", "jobs": {"j": {}}}
        assert "training.jobs.j.image" in helm.refusal("training", [values, ALWAYS])


class TestQueues:
    def test_flavors_of_a_cluster_queue_are_there_and_numbers_are_the_teams(self, template: Template) -> None:
        documents = _render(template, bases("training")["training-all"])
        flavors = {one["metadata"]["name"] for one in _kinds(documents, "ResourceFlavor")}
        (queue,) = _kinds(documents, "ClusterQueue")
        (local,) = _kinds(documents, "LocalQueue")
        assert local["spec"]["clusterQueue"] == queue["metadata"]["name"]
        quotas: dict[str, str] = {}
        for group in queue["spec"]["resourceGroups"]:
            for flavor in group["flavors"]:
                assert flavor["name"] in flavors
                assert [one["name"] for one in flavor["resources"]] == group["coveredResources"]
                quotas |= {one["name"]: one["nominalQuota"] for one in flavor["resources"]}
        assert quotas == {"cpu": "32", "memory": "64Gi", "nvidia.com/gpu": "4"}

    def test_they_ask_for_the_name_that_gpus_have(self, template: Template) -> None:
        values = bases("training")["training-all"] | {
            "global": {"gpu": {"resourceName": "nvidia.com/gpu.shared"}}
        }
        (queue,) = _kinds(_render(template, values), "ClusterQueue")
        assert queue["spec"]["resourceGroups"][1]["coveredResources"] == ["nvidia.com/gpu.shared"]


def test_only_training_pods_reach_training_pods(template: Template) -> None:
    values = {"networkPolicy": {"namespaces": ["vision"]}, "jobs": {"j": {"namespace": "audio"}}}
    policies = _kinds(_render(template, values), "NetworkPolicy")
    assert {one["metadata"]["namespace"] for one in policies} == {"vision", "audio"}
    for policy in policies:
        (rule,) = policy["spec"]["ingress"]
        assert rule["from"] == [{"podSelector": policy["spec"]["podSelector"]}]
