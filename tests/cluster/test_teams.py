"""Teams and the deployer on a real API server, by both helms: real admission, real RBAC, real quota."""

from __future__ import annotations

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
from tests.cluster.platform_release import PlatformRelease

SECURITY = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}, "runAsNonRoot": True}
CLAIM = """
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: c}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
"""
RESTRICTED = SECURITY | {"seccompProfile": {"type": "RuntimeDefault"}}


@pytest.fixture
def release(helm: Helm, namespace: str) -> PlatformRelease:
    return PlatformRelease(helm, namespace)


@pytest.fixture
def team(namespace: str, kubectl: Kubectl) -> Iterator[str]:
    """Name of a team and its namespace, which nobody else has."""
    name = f"{namespace}-team"
    yield name
    kubectl.delete("namespace", name, wait=False)


def _values(team: str, deployer: dict[str, Any] | None = None, **settings: Any) -> dict[str, Any]:
    return {"teams": {"enabled": True, "teams": {team: settings}, "deployer": deployer or {}}}


def _pod(name: str, security: dict[str, Any], requests: dict[str, str] | None = None) -> str:
    resources = {"limits": requests, "requests": requests} if requests else {}
    container = {"name": "c", "image": "i", "securityContext": security, "resources": resources}
    metadata = {"name": name}
    return dump(
        {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": {"containers": [container]}}
    )


def test_pod_security_quota_and_limits_are_enforced(
    release: PlatformRelease, team: str, kubectl: Kubectl
) -> None:
    quota = {"cpu": "2", "gpus": 1, "claims": 0}
    release.upgrade(
        _values(team, quota=quota, limits={"default": {"cpu": "1", "memory": "1Gi"}, "max": {"cpu": "2"}})
    )
    with pytest.raises(CommandError, match="violates PodSecurity"):
        kubectl.apply(_pod("bad", {"privileged": True}), namespace=team)
    kubectl.apply(_pod("plain", RESTRICTED), namespace=team)
    (container,) = kubectl.get("pod", "plain", namespace=team)["spec"]["containers"]
    assert container["resources"]["limits"] == {"cpu": "1", "memory": "1Gi"}
    with pytest.raises(CommandError, match="maximum cpu usage per Container is 2"):
        kubectl.apply(_pod("wide", RESTRICTED, {"cpu": "3"}), namespace=team)
    with pytest.raises(CommandError, match=r"exceeded quota.*requests.nvidia.com/gpu"):
        kubectl.apply(_pod("gpus", RESTRICTED, {"nvidia.com/gpu": "2"}), namespace=team)
    with pytest.raises(CommandError, match=r"exceeded quota.*persistentvolumeclaims"):
        kubectl.apply(CLAIM, namespace=team)


def test_members_work_in_their_namespace_and_nowhere_else(
    release: PlatformRelease, team: str, kubectl: Kubectl
) -> None:
    release.upgrade(_values(team, access={"edit": {"groups": ["vision"]}, "view": {"users": ["guest"]}}))
    member: dict[str, Any] = {"user": "ada", "groups": ["vision", "system:authenticated"]}
    assert kubectl.can_i("create", "deployments.apps", namespace=team, **member)
    assert not kubectl.can_i("create", "deployments.apps", namespace=release.namespace, **member)
    for verb, what in (
        ("update", "resourcequotas"),
        ("delete", "limitranges"),
        ("create", "rolebindings"),
        ("patch", "namespaces"),
    ):
        assert not kubectl.can_i(verb, what, namespace=team, **member), (verb, what)
    assert kubectl.can_i("get", "pods", namespace=team, user="guest")
    assert not kubectl.can_i("create", "pods", namespace=team, user="guest")


def test_every_kind_of_setting_can_change(release: PlatformRelease, team: str, kubectl: Kubectl) -> None:
    release.upgrade(
        _values(team, access={"edit": {"users": ["ada"]}}, quota={"cpu": "2"}, network={"internet": True})
    )
    release.upgrade(
        _values(
            team,
            access={"view": {"users": ["ada"]}},
            quota={"memory": "2Gi"},
            podSecurity={"enforce": "baseline"},
            network={"allowFrom": ["monitoring"]},
            limits={"maxClaim": "1Gi"},
            labels={"tier": "hot"},
        )
    )
    assert not kubectl.can_i("create", "pods", namespace=team, user="ada")
    (quota,) = kubectl.get_all("resourcequota", namespace=team)
    assert quota["spec"]["hard"] == {"requests.memory": "2Gi"}
    labels = kubectl.get("namespace", team)["metadata"]["labels"]
    assert (labels["tier"], labels["pod-security.kubernetes.io/enforce"]) == ("hot", "baseline")
    release.rollback(1)
    assert kubectl.can_i("create", "pods", namespace=team, user="ada")


def test_a_namespace_with_data_outlives_the_release(
    release: PlatformRelease, team: str, kubectl: Kubectl
) -> None:
    release.upgrade(_values(team, quota={"cpu": "2"}))
    before = kubectl.get("namespace", team)["metadata"]["uid"]
    release.uninstall()
    assert kubectl.get("namespace", team)["metadata"]["uid"] == before
    assert kubectl.get_all("resourcequota", namespace=team) == [], "only what holds data stays"
    release.upgrade(_values(team, keep=False))
    assert kubectl.get("namespace", team)["metadata"]["uid"] == before
    release.uninstall()
    kubectl.wait("namespace", team, until="delete")


def test_pull_secrets_reach_the_default_account(
    release: PlatformRelease, team: str, cluster: LocalCluster, kubectl: Kubectl, tmp_path: Path
) -> None:
    """The Job is simulated: its container's command runs here, with its account and its files."""
    release.upgrade(
        _values(team, imagePullSecrets=["own"]) | {"global": {"imagePullSecrets": ["arlregcred"]}}
    )
    assert "imagePullSecrets" not in kubectl.get("serviceaccount", "default", namespace=team)
    name = "platform-teams-default-service-account"
    data = kubectl.get("configmap", name, namespace=release.namespace)["data"]
    (job,) = (one for one in _hooks(release) if one["kind"] == "Job")
    folder = tmp_path / "manifests"
    folder.mkdir()
    access = as_account(cluster, name, release.namespace, tmp_path)
    account = Kubectl(kubectl.path, kubectl.runner, access)

    def run() -> set[str]:
        for file, text in data.items():
            (folder / file).write_text(text)
        (container,) = job["spec"]["template"]["spec"]["containers"]
        account.run(*(argument.replace("/manifests", str(folder)) for argument in container["args"]))
        found = kubectl.get("serviceaccount", "default", namespace=team).get("imagePullSecrets", [])
        return {one["name"] for one in found}

    assert run() == {"arlregcred", "own"}
    other = {f"{team}-b": {"imagePullSecrets": ["x"], "keep": False}}
    for here, wanted in (["own"], {"own"}), ([], set()):
        values = _values(team, imagePullSecrets=here)
        values["teams"]["teams"] |= other
        release.upgrade(values)
        data = kubectl.get("configmap", name, namespace=release.namespace)["data"]
        assert run() == wanted
    kubectl.run("patch", "sa", "default", "-n", team, "-p", '{"imagePullSecrets":[{"name":"by-hand"}]}')
    assert run() == {"by-hand"}, "the list of a team without pull secrets is left alone"
    with pytest.raises(CommandError, match="forbidden"):
        account.run("patch", "sa", name, "-n", release.namespace, "-p", "{}")


def _hooks(release: PlatformRelease) -> list[dict[str, Any]]:
    text = release.helm.run("get", "hooks", release.name, namespace=release.namespace).stdout
    return [one for one in yaml.safe_load_all(text) if one]


class TestDeployer:
    """R2 and docs/decisions/0006-deployer-rights.md."""

    def _deployer(
        self, release: PlatformRelease, cluster: LocalCluster, folder: Path
    ) -> tuple[PlatformRelease, Kubectl]:
        access = as_account(cluster, "platform-teams-deployer", release.namespace, folder)
        helm = Helm(release.helm.path, release.helm.runner, access)
        kubectl = cluster.kubectl()
        return PlatformRelease(helm, release.namespace), Kubectl(kubectl.path, kubectl.runner, access)

    def _platform(self, team: str, cpu: str = "2", **deployer: Any) -> dict[str, Any]:
        """All charts on."""
        values = _values(
            team, {"enabled": True, **deployer}, quota={"cpu": cpu}, access={"edit": {"users": ["ada"]}}
        )
        volume = {"size": "1Gi", "nfs": {"server": "n", "path": "/d"}, "claim": {"namespace": team}}
        return values | {
            "global": {"imagePullSecrets": ["x"]},
            "storage": {
                "enabled": True,
                "volumes": {"data": volume},
                "classes": {f"{team}-c": {"provisioner": "p"}},
            },
            "dask": {"enabled": True, "namespace": team, "notebook": {"enabled": False}},
        }

    def test_it_upgrades_the_platform_and_cannot_read_secrets_elsewhere(
        self, release: PlatformRelease, team: str, cluster: LocalCluster, kubectl: Kubectl, tmp_path: Path
    ) -> None:
        release.upgrade(self._platform(team), wait=False)
        deployer, account = self._deployer(release, cluster, tmp_path)
        deployer.upgrade(self._platform(team, cpu="20"))
        deployer.upgrade(self._platform(team, cpu="30") | {"dask": {"enabled": False}})
        (quota,) = kubectl.get_all("resourcequota", namespace=team)
        assert quota["spec"]["hard"] == {"requests.cpu": "30"}
        assert deployer.test().count("Succeeded") >= 1
        deployer.rollback(2)
        for verb, what, where, answer in (
            ("get", "secrets", release.namespace, True),
            ("get", "secrets", team, False),
            ("get", "secrets", "kube-system", False),
            ("list", "secrets", "", False),
            ("create", "deployments.apps", team, True),
            ("create", "deployments.apps", "kube-system", False),
            ("create", "persistentvolumes", "", True),
            ("create", "rolebindings", "kube-system", False),
            ("patch", "namespaces/kube-system", "", False),
            ("patch", f"namespaces/{team}", "", True),
            ("create", "clusterrolebindings", "", False),
            ("impersonate", "users", "", False),
            ("create", "nodes", "", False),
        ):
            assert account.can_i(verb, what, namespace=where) is answer, (verb, what, where)

    def test_it_cannot_rise(
        self, release: PlatformRelease, team: str, cluster: LocalCluster, tmp_path: Path
    ) -> None:
        release.upgrade(_values(team, {"enabled": True, "roles": ["edit"]}))
        deployer, account = self._deployer(release, cluster, tmp_path)
        for role in ("cluster-admin", "admin"):
            with pytest.raises(CommandError, match="attempting to grant RBAC permissions not currently held"):
                account.run("create", "rolebinding", "rise", f"--clusterrole={role}", "--user=me", "-n", team)
        with pytest.raises(CommandError, match="forbidden"):
            deployer.upgrade(_values(team, {"enabled": True, "clusterAdmin": True}))

    def test_a_new_team_is_an_administrators_unless_asked_for(
        self, release: PlatformRelease, team: str, cluster: LocalCluster, kubectl: Kubectl, tmp_path: Path
    ) -> None:
        new = {"keep": False, "quota": {"cpu": "1"}}
        for may in (False, True):
            values = _values(team, {"enabled": True, "newTeams": may})
            release.upgrade(values)
            deployer, account = self._deployer(release, cluster, tmp_path)
            values["teams"]["teams"][f"{team}-{may}".lower()] = new
            if may:
                deployer.upgrade(values)
                assert kubectl.get_all("resourcequota", namespace=f"{team}-true")
                assert not account.can_i("get", "secrets", namespace="kube-system")
            else:
                with pytest.raises(CommandError, match="forbidden"):
                    deployer.upgrade(values)
        kubectl.delete("namespace", f"{team}-true", f"{team}-false", wait=False)

    def test_cluster_admin_when_asked_for(
        self, release: PlatformRelease, team: str, cluster: LocalCluster, tmp_path: Path
    ) -> None:
        release.upgrade(_values(team, {"enabled": True, "clusterAdmin": True}))
        deployer, account = self._deployer(release, cluster, tmp_path)
        assert account.can_i("get", "secrets", namespace="kube-system")
        deployer.upgrade(_values(team, {"enabled": True, "clusterAdmin": True}, quota={"cpu": "1"}))

    def test_two_releases_of_one_name_share_nothing(
        self, helm: Helm, namespace: str, team: str, kubectl: Kubectl
    ) -> None:
        kubectl.run("create", "namespace", f"{namespace}-b")
        for place, name in ((namespace, team), (f"{namespace}-b", f"{team}-b")):
            PlatformRelease(helm, place).upgrade(_values(name, {"enabled": True}))
        kubectl.delete("namespace", f"{namespace}-b", f"{team}-b", wait=False)
