"""Shared GPUs on a real API server with a real scheduler. No GPU is there: the node's status says it is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.cluster.helm import Helm
from generator.cluster.kubectl import Kubectl
from generator.cluster.local import LocalCluster
from generator.errors import CommandError
from generator.output.yaml_text import dump
from tests.cluster.accounts import as_account
from tests.cluster.live_objects import eventually
from tests.cluster.platform_release import PlatformRelease

NODE = "gpu"
SLICES = "nvidia.com/gpu.shared"
GLOBAL = {"gpu": {"resourceName": SLICES}}
CONFIGS = {"default": {"timeSlicing": {"replicas": {"nvidia.com/gpu": 2}, "renameByDefault": True}}}
READER = {"namespace": "gpu-operator", "api": "nvidia.com/v1/ClusterPolicy"}
SECURITY = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "runAsNonRoot": True,
    "seccompProfile": {"type": "RuntimeDefault"},
}


@pytest.fixture
def release(helm4: Helm, namespace: str) -> PlatformRelease:
    return PlatformRelease(helm4, namespace)


@pytest.fixture
def two_slices(kubectl: Kubectl) -> Iterator[None]:
    """What the device plugin would tell the kubelet about one GPU that two pods share."""
    parts = [f"/status/{part}/{SLICES.replace('/', '~1')}" for part in ("capacity", "allocatable")]
    _patch_status(kubectl, [{"op": "add", "path": path, "value": "2"} for path in parts])
    yield
    _patch_status(kubectl, [{"op": "remove", "path": path} for path in parts])


def _patch_status(kubectl: Kubectl, changes: list[dict[str, Any]]) -> None:
    patch = json.dumps(changes)
    kubectl.run("patch", "node", NODE, "--subresource=status", "--type=json", f"--patch={patch}")


@pytest.fixture
def operator(kubectl: Kubectl, upstream: Path) -> Iterator[str]:
    """The operator's definition and its namespace; nothing of it runs."""
    file = upstream / "crds/gpu-operator/nvidia.com_clusterpolicies.yaml"
    definition = yaml.load(file.read_text(), yaml.CSafeLoader)
    name = definition["metadata"]["name"]
    kubectl.run("create", "--filename=-", stdin=json.dumps(definition))
    kubectl.run("create", "namespace", READER["namespace"])
    eventually(lambda: _established(kubectl, name), 90)
    yield READER["namespace"]
    kubectl.delete("namespace", READER["namespace"])
    kubectl.delete("customresourcedefinition", name)


def _established(kubectl: Kubectl, name: str) -> None:
    conditions = kubectl.get("customresourcedefinition", name).get("status", {}).get("conditions") or []
    assert {one["type"]: one["status"] for one in conditions}.get("Established") == "True"


def _pod(name: str) -> str:
    limits = {"cpu": "10m", "memory": "16Mi", SLICES: "1"}
    container = {"name": "c", "image": "i", "securityContext": SECURITY, "resources": {"limits": limits}}
    spec = {"containers": [container]}
    return dump({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": spec})


def _sharing(**more: Any) -> dict[str, Any]:
    return {"global": GLOBAL, "gpu-sharing": {"enabled": True, "configs": CONFIGS, "reader": READER, **more}}


def test_slices_run_out_and_then_the_quota_does(
    release: PlatformRelease, namespace: str, kubectl: Kubectl, two_slices: None
) -> None:
    """Simulated GPU, real scheduler and quota: two pods run, the third waits, the fourth is refused."""
    team = f"{namespace}-team"
    teams = {"enabled": True, "teams": {team: {"quota": {"gpus": 3}, "keep": False}}}
    release.upgrade(_sharing() | {"teams": teams})
    for name in ("one", "two"):
        kubectl.apply(_pod(name), namespace=team)
    kubectl.wait("pod", "one", "two", until="jsonpath={.status.phase}=Running", namespace=team)
    kubectl.apply(_pod("three"), namespace=team)

    def waits() -> None:
        status = kubectl.get("pod", "three", namespace=team)["status"]
        reasons = [one.get("message", "") for one in status.get("conditions", [])]
        assert status["phase"] == "Pending"
        assert any(f"Insufficient {SLICES}" in reason for reason in reasons), reasons

    eventually(waits)
    with pytest.raises(
        CommandError, match=rf"exceeded quota.*requests\.{SLICES}=1, used: .*=3, limited: .*=3"
    ):
        kubectl.apply(_pod("four"), namespace=team)
    kubectl.delete("pod", "one", namespace=team)
    kubectl.wait("pod", "three", until="jsonpath={.status.phase}=Running", namespace=team)
    release.uninstall()


def test_the_cuda_test_gets_a_gpu(release: PlatformRelease) -> None:
    """P23: scheduled by the real scheduler, its run simulated."""
    release.upgrade(_sharing() | {"global": {}})
    assert "platform-gpu-sharing-test" in release.test()


def test_without_the_operator_the_configurations_wait_and_the_notes_say_so(
    release: PlatformRelease, namespace: str, kubectl: Kubectl
) -> None:
    said = release.upgrade(_sharing(configMap="configs"))
    assert "NOTHING READS THEM YET" in said
    assert "default" in kubectl.get("configmap", "configs", namespace=namespace)["data"]


def test_with_the_operator_they_are_where_it_reads_them_and_the_deployer_may_change_them(
    release: PlatformRelease,
    namespace: str,
    kubectl: Kubectl,
    cluster: LocalCluster,
    operator: str,
    tmp_path: Path,
) -> None:
    deployer = {"enabled": True, "gpuConfigs": READER | {"names": ["configs"]}}
    values = _sharing(configMap="configs") | {"teams": {"enabled": True, "deployer": deployer}}
    assert "NOTHING READS THEM" not in release.upgrade(values)
    before = kubectl.get("configmap", "configs", namespace=operator)
    access = as_account(cluster, "platform-teams-deployer", namespace, tmp_path)
    account = Kubectl(kubectl.path, kubectl.runner, access)
    values["gpu-sharing"]["configs"] = {"default": {"mps": {"replicas": {"nvidia.com/gpu": 4}}}}
    PlatformRelease(Helm(release.helm.path, release.helm.runner, access), namespace).upgrade(values)
    after = kubectl.get("configmap", "configs", namespace=operator)
    assert "mps" in after["data"]["default"]
    mark = "labhelm.io/checksum"
    assert before["metadata"]["annotations"][mark] != after["metadata"]["annotations"][mark]
    for verb, what, may in (
        ("patch", "configmaps/configs", True),
        ("patch", "configmaps/kube-root-ca.crt", False),
        ("create", "pods", False),
        ("get", "secrets", False),
    ):
        assert account.can_i(verb, what, namespace=operator) is may, (verb, what)


def test_pods_of_the_runtime_class_are_admitted_only_while_it_is_there(
    release: PlatformRelease, namespace: str, kubectl: Kubectl
) -> None:
    release.upgrade(_sharing(runtimeClass={"create": True, "name": "nvidia-own"}))
    pod = yaml.safe_load(_pod("p"))
    pod["spec"]["runtimeClassName"] = "nvidia-own"
    kubectl.apply(dump(pod), namespace=namespace, dry_run=True)
    release.uninstall()
    with pytest.raises(CommandError, match="RuntimeClass"):
        kubectl.apply(dump(pod), namespace=namespace, dry_run=True)


def test_claims_and_their_classes_are_taken(
    release: PlatformRelease, namespace: str, kubectl: Kubectl
) -> None:
    """The API server compiles the expressions of classes."""
    claims = {"turns": {"product": "NVIDIA A100", "sharing": "time-slicing"}, "together": {"sharing": "mps"}}
    release.upgrade(_sharing(dra={"enabled": True, "claims": claims}))
    for one in kubectl.get_all("resourceclaimtemplates", namespace=namespace):
        (request,) = one["spec"]["spec"]["devices"]["requests"]
        assert kubectl.get("deviceclass", request["exactly"]["deviceClassName"])
    assert len(kubectl.get_all("resourceclaimtemplates", namespace=namespace)) == 2
    release.uninstall()
