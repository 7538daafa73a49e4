"""What holds for every object of every chart, in every set of values that we have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.render.bases import NAMES, bases
from tests.render.conftest import Template
from tests.render.helm_binary import Document, Helm

REFUSED = {
    ("storage", "one of each"): "source",
    ("gpu-sharing", "one of each"): "defaultConfig",
}
"""Values that a chart says no to, rightly, and a word of the reason: items as bare as the schema allows."""
CASES = [(chart, base) for chart in NAMES for base in bases(chart) if (chart, base) not in REFUSED]
WORKLOADS = ("Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "Pod")
BUILTIN = re.compile(r"^(v1|(apps|batch|autoscaling|policy)/v\d+|[a-z.]+\.k8s\.io/v\d+)$")
# Groups under k8s.io that are custom resources all the same.
CUSTOM_K8S = re.compile(r"^(gateway\.networking|kueue\.x|snapshot\.storage|metrics|jobset\.x)\.k8s\.io/")
LABELS = {
    "app.kubernetes.io/name",
    "app.kubernetes.io/instance",
    "app.kubernetes.io/component",
    "app.kubernetes.io/managed-by",
    "app.kubernetes.io/part-of",
    "helm.sh/chart",
}
NAMED_BY_VALUES = {
    *("Namespace", "PersistentVolume", "PersistentVolumeClaim", "StorageClass", "ServiceAccount"),
    # What others ask for by a name that has to be the same in each cluster.
    *("RuntimeClass", "ResourceClaimTemplate", "ClusterTrainingRuntime", "TrainingRuntime", "LocalQueue"),
    "PodDefault",
}
PLUGIN_CONFIGS = ("labhelm-device-plugin-configs", "labhelm-mig-layouts")
"""ConfigMaps that the base layer names; one cluster has one device plugin."""
SELECTING = {f"app.kubernetes.io/{name}" for name in ("name", "instance", "component")}


@pytest.mark.parametrize(("chart", "base"), sorted(REFUSED))
def test_values_that_are_refused_are_refused_with_a_reason(
    chart: str, base: str, helms: dict[str, Helm]
) -> None:
    refusal = helms["helm4"].render(chart, bases(chart)[base], check=False)
    assert refusal.code
    assert REFUSED[chart, base] in refusal.stderr


@pytest.fixture(params=CASES, ids=lambda case: f"{case[0]}: {case[1]}", scope="module")
def case(request: pytest.FixtureRequest) -> tuple[str, dict[str, Any]]:
    """A chart and values."""
    chart, base = request.param
    return chart, bases(chart)[base]


@pytest.fixture(scope="module")
def objects(case: tuple[str, dict[str, Any]], template: Template) -> list[Document]:
    """All objects of one case, equal with both helms."""
    return template(*case)


def pod_of(document: Document) -> dict[str, Any] | None:
    """The pod spec of a workload."""
    spec = document.get("spec", {})
    match document["kind"]:
        case "Pod":
            return dict(spec)
        case "CronJob":
            return dict(spec["jobTemplate"]["spec"]["template"]["spec"])
        case kind if kind in WORKLOADS:
            return dict(spec["template"]["spec"])
    return None


def containers_of(pod: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from pod.get("initContainers", [])
    yield from pod["containers"]


def name_of(document: Document) -> tuple[str, str, str, str]:
    meta = document["metadata"]
    return document["apiVersion"], document["kind"], meta.get("namespace", ""), meta["name"]


def is_custom(document: Document) -> bool:
    version = document["apiVersion"]
    return not BUILTIN.match(version) or bool(CUSTOM_K8S.match(version))


def test_every_object_is_whole(objects: list[Document]) -> None:
    for document in objects:
        assert document["apiVersion"]
        assert document["kind"] not in ("List", "Secret", "CustomResourceDefinition")
        assert re.fullmatch(r"[a-z0-9]([-a-z0-9.]*[a-z0-9])?", document["metadata"]["name"].replace(":", "-"))
        assert len(document["metadata"]["name"]) <= 253


def test_names_are_used_once(objects: list[Document]) -> None:
    names = [name_of(document) for document in objects]
    assert len(names) == len(set(names))


def test_labels_are_complete(objects: list[Document]) -> None:
    for document in objects:
        labels = document["metadata"].get("labels", {})
        assert labels.keys() >= LABELS, f"{name_of(document)} lacks {LABELS - labels.keys()}"
        assert all(isinstance(v, str) and len(v) <= 63 for v in labels.values())


def test_selectors_never_change_and_match_their_pods(objects: list[Document]) -> None:
    for document in objects:
        if document["kind"] in ("Deployment", "StatefulSet", "DaemonSet"):
            selector = document["spec"]["selector"]["matchLabels"]
            assert selector.keys() == SELECTING
            assert selector.items() <= document["spec"]["template"]["metadata"]["labels"].items()


def test_selectors_of_workloads_are_disjoint(objects: list[Document]) -> None:
    selectors = [
        (
            document["metadata"]["namespace"],
            tuple(sorted(document["spec"]["selector"]["matchLabels"].items())),
        )
        for document in objects
        if document["kind"] in ("Deployment", "StatefulSet", "DaemonSet")
    ]
    assert len(selectors) == len(set(selectors))


def test_pods_keep_to_pod_security_restricted(objects: list[Document]) -> None:
    for document in objects:
        if (pod := pod_of(document)) is None:
            continue
        for container in containers_of(pod):
            context = pod.get("securityContext", {}) | container.get("securityContext", {})
            assert context["runAsNonRoot"] is True
            assert context["allowPrivilegeEscalation"] is False
            assert context["capabilities"]["drop"] == ["ALL"]
            assert context["seccompProfile"]["type"] in ("RuntimeDefault", "Localhost")
            assert context.get("runAsUser", 1) != 0
            assert not context.get("privileged")
        assert not any(pod.get(key) for key in ("hostNetwork", "hostPID", "hostIPC"))
        assert not any("hostPath" in volume for volume in pod.get("volumes", []))


def test_containers_have_requests_limits_and_fixed_images(objects: list[Document]) -> None:
    for document in objects:
        for container in containers_of(pod_of(document) or {"containers": []}):
            resources = container.get("resources", {})
            assert {"cpu", "memory"} <= (resources.get("requests") or resources["limits"]).keys()
            assert "memory" in resources["limits"]
            image = container["image"].rsplit("/", 1)[-1]
            assert "@" in image or (":" in image and not image.endswith(":latest")), container["image"]


def test_server_side_apply_meets_no_key_twice(objects: list[Document]) -> None:
    for document in objects:
        pod = pod_of(document) or {"containers": []}
        lists = [pod.get("volumes", []), list(containers_of(pod))]
        lists += [container.get("env", []) for container in containers_of(pod)]
        for items in lists:
            names = [item["name"] for item in items]
            assert len(names) == len(set(names)), names
        for container in containers_of(pod):
            ports = [
                (port["containerPort"], port.get("protocol", "TCP")) for port in container.get("ports", [])
            ]
            paths = [mount["mountPath"] for mount in container.get("volumeMounts", [])]
            assert len(ports) == len(set(ports))
            assert len(paths) == len(set(paths))
            mounted = {mount["name"] for mount in container.get("volumeMounts", [])}
            assert mounted <= {volume["name"] for volume in pod.get("volumes", [])}


def test_tokens_are_mounted_on_purpose_only(objects: list[Document]) -> None:
    for document in objects:
        if document["kind"] == "ServiceAccount" and "automountServiceAccountToken" in document:
            assert document["automountServiceAccountToken"] is False
        if (pod := pod_of(document)) is not None:
            assert "automountServiceAccountToken" in pod, name_of(document)


def test_no_object_holds_a_secret_value(objects: list[Document]) -> None:
    for document in objects:
        for container in containers_of(pod_of(document) or {"containers": []}):
            for variable in container.get("env", []):
                if re.search("PASSWORD|TOKEN|SECRET|CREDENTIAL", variable["name"]):
                    assert not re.fullmatch(r"\S{6,}", variable.get("value", "")) or "/" in variable["value"]


def test_custom_resources_need_their_api(case: tuple[str, dict[str, Any]], helm: Helm) -> None:
    chart, values = case
    automatic = values | {"global": values["global"] | {"customResources": "auto"}}
    never = values | {"global": values["global"] | {"customResources": "never"}}
    custom = [document for document in helm.template(chart, values) if is_custom(document)]
    assert [document for document in helm.template(chart, automatic) if is_custom(document)] == []
    apis = {document["apiVersion"] for document in custom}
    served = helm.template(chart, automatic, api_versions=apis)
    assert [name_of(d) for d in served if is_custom(d)] == [name_of(d) for d in custom]
    assert [d for d in helm.template(chart, never, api_versions=apis) if is_custom(d)] == []


def test_two_releases_share_no_object(case: tuple[str, dict[str, Any]], helms: dict[str, Helm]) -> None:
    """Beside what values name themselves: namespaces, volumes and claims, storage classes."""
    chart, values = case
    helm = helms["helm4"]
    one, two = ({name_of(d) for d in helm.template(chart, values, release=r)} for r in ("one", "two"))
    assert {n for n in one & two if n[1] not in NAMED_BY_VALUES and n[3] not in PLUGIN_CONFIGS} == set()
