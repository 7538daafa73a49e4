"""The life of a platform on a real API server, by both helms: from the first install to the second."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.checking import check_bytes
from generator.cluster.helm import Helm, Values
from generator.cluster.kubectl import Kubectl
from generator.cluster.local import LocalCluster
from generator.cluster.simulated import simulated_base
from generator.errors import CommandError
from generator.generation import umbrella_values
from generator.output.yaml_text import dump
from generator.profile.model import Profile
from tests.cluster.accounts import as_account
from tests.cluster.live_objects import Key, all_objects, as_json, eventually, release_objects
from tests.cluster.platform_release import UMBRELLA, PlatformRelease
from tests.conftest import ROOT

TEAM = {"lab": "vision", "arl": "arl"}
Data = dict[str, Any]


def written(name: str) -> Data:
    """The profile as it is written."""
    data: Data = yaml.safe_load((ROOT / f"profiles/{name}.yaml").read_text())
    return data


def profile_of(data: Data) -> Profile:
    checked = check_bytes(dump(data).encode(), "profile.yaml")
    assert checked.profile is not None, checked.diagnostics
    return checked.profile


def values_of(data: Data) -> Data:
    return umbrella_values(profile_of(data))


def changed(name: str) -> Data:
    """The profile with each kind of field changed: number, quantity, text, choice, list and map."""
    data, team = written(name), TEAM[name]
    dask = data["dask"]
    dask["image"] = "registry.example.org/arl/arl_img:1b47647d"
    dask["service"] = "ClusterIP" if dask.get("service") == "NodePort" else "NodePort"
    dask["workers"] |= {"replicas": 3, "memory": "1Gi", "groups": {"big": {"replicas": 1, "cpu": 2}}}
    data["storage"]["volumes"]["more"] = {
        "size": "5Gi",
        "access": "ReadWriteMany",
        "nfs": {"server": data["nodes"][0]["name"], "path": "/more"},
        "claim": {"team": team, "name": "more"},
    }
    dask["volumes"].append({"volume": "more", "mountPath": "/more"})
    data["teams"][0]["quota"] = {"cpu": 60, "memory": "100Gi", "gpus": 4}
    data["teams"].append({"name": "audio"})
    data["overrides"] = {"dask": {"worker": {"extraArgs": ["--no-dashboard"], "env": {"STAGE": "two"}}}}
    return data


CLUSTER_WIDE = ("persistentvolume", "storageclass", "clusterrole", "clusterrolebinding")


@contextmanager
def removed_afterwards(kubectl: Kubectl) -> Iterator[None]:
    """Starts when nothing of other tests is left; what outlives a release is removed at the end."""
    eventually(lambda: assert_nothing_is_leaving(kubectl))
    kubectl.apply(simulated_base(profile_of(written("lab"))))
    try:
        yield
    finally:
        kubectl.delete("namespace", *TEAM.values(), "audio", "lab")
        for kind in CLUSTER_WIDE:
            left = kubectl.get_all(kind, selector="app.kubernetes.io/part-of=labhelm")
            if left:
                kubectl.delete(kind, *(one["metadata"]["name"] for one in left))


def assert_nothing_is_leaving(kubectl: Kubectl) -> None:
    """A namespace that is being deleted loses its objects while others count theirs."""
    namespaces = kubectl.get_all("namespace")
    assert not [one["metadata"]["name"] for one in namespaces if one["status"]["phase"] == "Terminating"]


@pytest.fixture
def clean(kubectl: Kubectl) -> Iterator[None]:
    """Nothing of the test outlives it."""
    with removed_afterwards(kubectl):
        yield


def foreign_claim(name: str, volume: str = "") -> str:
    """A claim of someone else that would fit the reserved volume, or even names it."""
    spec: Data = {"accessModes": ["ReadWriteMany"], "storageClassName": "", "volumeName": volume}
    spec["resources"] = {"requests": {"storage": "100Gi"}}
    metadata = {"name": name}
    return json.dumps(
        {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": metadata, "spec": spec}
    )


def volumes_and_claims(kubectl: Kubectl, namespace: str) -> dict[str, tuple[str, str, str]]:
    """For each claim there: its uid, its volume's name and uid; fails unless both are bound to each other."""
    found = {}
    for claim in kubectl.get_all("persistentvolumeclaim", namespace=namespace):
        metadata = claim["metadata"]
        assert claim["status"]["phase"] == "Bound", metadata["name"]
        volume = kubectl.get("persistentvolume", claim["spec"]["volumeName"])
        reserved = volume["spec"]["claimRef"]
        assert volume["status"]["phase"] == "Bound"
        assert (reserved["namespace"], reserved["name"]) == (namespace, metadata["name"])
        assert reserved["uid"] == metadata["uid"]
        found[metadata["name"]] = (metadata["uid"], volume["metadata"]["name"], volume["metadata"]["uid"])
    return found


def data_of(kubectl: Kubectl, team: str) -> set[Key]:
    """What bears data in a team's namespace, and what Kubernetes itself puts into each namespace."""
    claims = volumes_and_claims(kubectl, team)
    own = {Key("ServiceAccount", team, "default"), Key("ConfigMap", team, "kube-root-ca.crt")}
    kept = {Key("Namespace", "", team), *(Key("PersistentVolumeClaim", team, name) for name in claims)}
    return own | kept | {Key("PersistentVolume", "", volume) for _, volume, _ in claims.values()}


def assert_upgraded(kubectl: Kubectl, name: str) -> None:
    """Each change of `changed` has arrived, and its pods run."""
    team = TEAM[name]
    deployments = {
        one["metadata"]["name"].removeprefix("platform-dask-"): one
        for one in kubectl.get_all("deployment", namespace=team)
    }
    assert set(deployments) == {"scheduler", "notebook", "worker", "worker-big"}
    worker = deployments["worker"]
    assert worker["status"]["readyReplicas"] == worker["spec"]["replicas"] == 3
    pod = worker["spec"]["template"]["spec"]
    container = pod["containers"][0]
    assert container["image"] == "registry.example.org/arl/arl_img:1b47647d"
    assert container["resources"]["limits"]["memory"] == "1Gi"
    assert "--no-dashboard" in container["args"]
    assert {"name": "STAGE", "value": "two"} in container["env"]
    assert "/more" in [mount["mountPath"] for mount in container["volumeMounts"]]
    assert kubectl.get("service", "platform-dask-scheduler", namespace=team)["spec"]["type"] == (
        "ClusterIP" if name == "arl" else "NodePort"
    )
    (quota,) = kubectl.get_all("resourcequota", namespace=team)
    assert quota["spec"]["hard"]["requests.cpu"] == "60"
    assert kubectl.find("namespace", "audio") is not None
    assert set(volumes_and_claims(kubectl, team)) == {"more", "data" if name == "lab" else "arl-data"}


@pytest.mark.parametrize("name", ["lab", "arl"])
def test_life(helm: Helm, kubectl: Kubectl, namespace: str, clean: None, name: str) -> None:
    """Install, test, upgrade, roll back, uninstall, and install over the data that stayed."""
    team, volume = TEAM[name], "vision.data" if name == "lab" else "arl.arl-data"
    release = PlatformRelease(helm, namespace)
    for claim in (foreign_claim("fits"), foreign_claim("names-it", volume)):
        kubectl.apply(claim, namespace=namespace)
    before = set(all_objects(kubectl))

    release.upgrade(values_of(written(name)))
    installed, bound = release_objects(kubectl, "platform"), volumes_and_claims(kubectl, team)
    assert [each[1] for each in bound.values()] == [volume]
    release.test()

    release.upgrade(values_of(changed(name)))
    assert_upgraded(kubectl, name)
    assert volumes_and_claims(kubectl, team).items() > bound.items()

    release.rollback(1)
    data = data_of(kubectl, team) | data_of(kubectl, "audio")
    eventually(lambda: assert_same(installed, release_objects(kubectl, "platform"), data))

    release.uninstall()
    eventually(lambda: assert_only(data, set(all_objects(kubectl)) - before))

    release.upgrade(values_of(written(name)))
    assert volumes_and_claims(kubectl, team).items() > bound.items()
    for claim in ("fits", "names-it"):
        status = kubectl.get("persistentvolumeclaim", claim, namespace=namespace)["status"]
        assert status["phase"] == "Pending", claim
    release.uninstall()


def assert_same(wanted: dict[Key, Data], found: dict[Key, Data], kept: set[Key]) -> None:
    """The objects are as they were; a claim that a later revision added is kept, for the data in it."""
    assert set(found) - kept == set(wanted) - kept
    assert as_json([found[key] for key in sorted(wanted)]) == as_json([wanted[key] for key in sorted(wanted)])


def assert_only(wanted: set[Key], found: set[Key]) -> None:
    assert found == wanted


@pytest.fixture(scope="module")
def lab(helm: Helm, kubectl: Kubectl) -> Iterator[PlatformRelease]:
    """The lab platform, installed."""
    release = PlatformRelease(helm, "lab")
    kubectl.run("create", "namespace", release.namespace)
    with removed_afterwards(kubectl):
        release.upgrade(values_of(written("lab")))
        yield release
        release.uninstall()


def test_second_release_in_the_same_namespaces(lab: PlatformRelease, kubectl: Kubectl) -> None:
    """Workloads alone, beside a platform that has the teams and the storage."""
    first = release_objects(kubectl, "platform")
    pods = len(kubectl.get_all("pod", namespace="vision"))
    second = PlatformRelease(lab.helm, lab.namespace, "second")
    values = values_of(written("lab"))
    second.upgrade({"global": values["global"], "dask": values["dask"]})
    own = release_objects(kubectl, "second")
    assert {key.kind for key in own} >= {"Deployment", "Service", "NetworkPolicy", "PodDisruptionBudget"}
    assert not set(own) & set(first)
    assert release_objects(kubectl, "platform") == first
    phases = [
        pod["status"]["phase"]
        for name in ("platform", "second")
        for pod in kubectl.get_all("pod", namespace="vision", selector=f"app.kubernetes.io/instance={name}")
    ]
    assert phases == ["Running"] * (2 * pods)
    second.uninstall()
    eventually(lambda: assert_only(set(), set(release_objects(kubectl, "second"))))
    assert release_objects(kubectl, "platform") == first


def test_pod_security_is_enforced_on_every_team(lab: PlatformRelease, kubectl: Kubectl) -> None:
    namespace = kubectl.get("namespace", "vision")
    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    lab.test()  # its pods, too, are taken
    bad = {"name": "bad", "image": "example.org/image:1", "securityContext": {"privileged": True}}
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "bad"}, "spec": {"containers": [bad]}}
    with pytest.raises(CommandError, match='violates PodSecurity "restricted:latest"'):
        kubectl.apply(json.dumps(pod), namespace="vision")


MAY = [
    ("create", "deployments.apps", "vision"),
    ("patch", "persistentvolumeclaims", "vision"),
    ("create", "persistentvolumes", ""),
    ("update", "storageclasses.storage.k8s.io", ""),
    ("get", "secrets", "HOME"),
    ("patch", "namespaces/vision", ""),
]
MAY_NOT = [
    ("get", "secrets", "kube-system"),
    ("list", "secrets", "vision"),
    ("list", "secrets", ""),
    ("create", "deployments.apps", "kube-system"),
    ("delete", "namespaces/kube-system", ""),
    ("delete", "nodes", ""),
    ("create", "clusterrolebindings.rbac.authorization.k8s.io", ""),
    ("escalate", "clusterroles.rbac.authorization.k8s.io", ""),
    ("impersonate", "users", ""),
]


def test_what_the_deployer_may_do(
    lab: PlatformRelease, cluster: LocalCluster, kubectl: Kubectl, tmp_path: Path
) -> None:
    user = f"system:serviceaccount:{lab.namespace}:platform-teams-deployer"

    def may(verb: str, resource: str, namespace: str) -> bool:
        where = lab.namespace if namespace == "HOME" else namespace
        return kubectl.can_i(verb, resource, namespace=where, user=user)

    assert [rule for rule in MAY if not may(*rule)] == []
    assert [rule for rule in MAY_NOT if may(*rule)] == []

    access = as_account(cluster, "platform-teams-deployer", lab.namespace, tmp_path)
    deployer = Kubectl(kubectl.path, kubectl.runner, access)
    with pytest.raises(CommandError, match='cannot list resource "secrets"'):
        deployer.get_all("secret", namespace="vision")
    with pytest.raises(CommandError, match='cannot create resource "serviceaccounts/token"'):
        deployer.run("create", "token", "default", "--namespace", "vision")
    data = written("lab")
    data["dask"]["workers"]["replicas"] = 3
    PlatformRelease(Helm(lab.helm.path, lab.helm.runner, access), lab.namespace).upgrade(values_of(data))
    assert kubectl.get("deployment", "platform-dask-worker", namespace="vision")["spec"]["replicas"] == 3


def test_a_typo_is_refused_by_plain_helm(helm: Helm, kubectl: Kubectl, namespace: str) -> None:
    before = set(all_objects(kubectl))
    values = Values((ROOT / "values/lab.yaml",), ("dask.worker.replica=2",)).flags()
    result = helm.run("install", "platform", UMBRELLA, *values, namespace=namespace, check=False)
    assert result.code != 0
    assert "replica" in result.stderr
    assert "dask" in result.stderr
    assert set(all_objects(kubectl)) <= before
