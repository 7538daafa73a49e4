"""The chart `poddefaults` on a real API server, with Kubeflow's definition and without.

Kubeflow's webhook is not here. The program for later namespaces runs for real, as its ServiceAccount; the
policy for GPUs is enforced by the API server itself.
"""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.cluster.helm import Helm
from generator.cluster.kubectl import Kubectl
from generator.cluster.local import LocalCluster
from generator.cluster.runner import Result, SystemRunner
from generator.output.yaml_text import dump
from tests.cluster.accounts import as_account
from tests.cluster.custom_resources import namespaces
from tests.cluster.live_objects import eventually
from tests.cluster.platform_release import PlatformRelease
from tests.conftest import ROOT

USERS = ("app.kubernetes.io/part-of=kubeflow-profile",)
CACHE = {"env": {"HF_HOME": "/data/hf"}}
NAME = "platform-poddefaults-later"


def _values(*teams: str, **settings: Any) -> dict[str, Any]:
    own = {
        "enabled": True,
        "namespaces": list(teams),
        "podDefaults": {"cache": CACHE},
        "later": {"enabled": True},
    }
    return {"poddefaults": {**own, **settings}}


@pytest.fixture
def kubeflow(crd_cluster: LocalCluster) -> Kubectl:
    """Into the cluster that knows PodDefaults."""
    return crd_cluster.kubectl()


@pytest.fixture
def team(kubeflow: Kubectl) -> Iterator[str]:
    name = f"team-{uuid.uuid4().hex[:6]}"
    with namespaces(kubeflow, name, labels=USERS):
        yield name


@pytest.fixture
def release(crd_cluster: LocalCluster, kubeflow: Kubectl) -> Iterator[PlatformRelease]:
    name = f"platform-{uuid.uuid4().hex[:6]}"
    with namespaces(kubeflow, name):
        made = PlatformRelease(crd_cluster.helm(4), name)
        yield made
        made.uninstall()


def test_without_kubeflow_the_notes_say_what_is_left_out(
    helm: Helm, namespace: str, kubectl: Kubectl
) -> None:
    notes = PlatformRelease(helm, namespace).upgrade(_values(namespace), wait=False)
    assert "kubeflow.org/v1alpha1/PodDefault of poddefaults" in notes
    assert "brought by: the base layer" in notes
    assert kubectl.get("cronjob", NAME, namespace=namespace)["spec"]["concurrencyPolicy"] == "Forbid"


def test_each_teams_namespace_gets_them(release: PlatformRelease, team: str, kubeflow: Kubectl) -> None:
    notes = release.upgrade(_values(team, "default"))
    assert "Left out" not in notes
    for place in (team, "default"):
        assert kubeflow.get("poddefaults", "cache", namespace=place)["spec"]["desc"] == "cache"
    release.upgrade(_values(team))
    assert kubeflow.find("poddefaults", "cache", namespace="default") is None


def test_the_real_definition_takes_what_a_profile_becomes(
    release: PlatformRelease, team: str, kubeflow: Kubectl
) -> None:
    """The shipped profile with Kubeflow, its namespaces aside."""
    values = yaml.safe_load((ROOT / "values/flexigrobots.yaml").read_text())
    wanted = values["poddefaults"] | {"namespaces": [team]}
    for item in wanted["podDefaults"].values():
        if "namespaces" in item:
            item["namespaces"] = [team]
    release.upgrade({"global": values["global"], "poddefaults": wanted})
    found = {one["metadata"]["name"]: one for one in kubeflow.get_all("poddefaults", namespace=team)}
    assert found.keys() == wanted["podDefaults"].keys()
    assert "access-ml-pipeline" in found


class TestLater:
    """F16: namespaces of users that come later."""

    def run(self, cluster: LocalCluster, release: PlatformRelease, folder: Path) -> Result:
        """The program from the ConfigMap, as the CronJob's account."""
        kubectl = cluster.kubectl()
        data = kubectl.get("configmap", NAME, namespace=release.namespace)["data"]
        for name, text in data.items():
            (folder / name).write_text(text)
        access = as_account(cluster, NAME, release.namespace, folder)
        assert access.kubeconfig is not None
        config = yaml.safe_load(access.kubeconfig.read_text())
        (folder / "token").write_text(config["users"][0]["user"]["token"])
        server = config["clusters"][0]["cluster"]
        (folder / "ca.crt").write_bytes(base64.b64decode(server["certificate-authority-data"]))
        host, _, port = server["server"].removeprefix("https://").rpartition(":")
        env = {"KUBERNETES_SERVICE_HOST": host, "KUBERNETES_SERVICE_PORT": port, "LATER_ACCOUNT": str(folder)}
        argv = [*access.prefix, "python3", str(folder / "later.py"), str(folder / "settings.json")]
        return SystemRunner().run(argv, env=env, check=False)

    def test_a_new_users_namespace_gets_what_all_get(
        self,
        crd_cluster: LocalCluster,
        release: PlatformRelease,
        team: str,
        kubeflow: Kubectl,
        tmp_path: Path,
    ) -> None:
        release.upgrade(_values("default"))
        assert f"{team}/cache: made" in self._said(crd_cluster, release, tmp_path)
        made = kubeflow.get("poddefaults", "cache", namespace=team)
        assert made["spec"] == kubeflow.get("poddefaults", "cache", namespace="default")["spec"]
        assert self._said(crd_cluster, release, tmp_path) == "", "a second run writes nothing"
        new = {"cache": CACHE | {"env": {"HF_HOME": "/new"}}, "more": {"env": {"A": "b"}}}
        release.upgrade(_values("default", podDefaults=new))
        said = self._said(crd_cluster, release, tmp_path)
        assert f"{team}/cache: changed" in said
        assert f"{team}/more: made" in said
        release.upgrade(_values("default", podDefaults={"more": new["more"]}))
        assert self._said(crd_cluster, release, tmp_path) == f"{team}/cache: removed\n"

    def test_what_others_made_and_where_nobody_works_is_left_alone(
        self,
        crd_cluster: LocalCluster,
        release: PlatformRelease,
        team: str,
        kubeflow: Kubectl,
        tmp_path: Path,
    ) -> None:
        theirs = {"apiVersion": "kubeflow.org/v1alpha1", "kind": "PodDefault", "metadata": {"name": "cache"}}
        body = theirs | {"spec": {"desc": "theirs", "selector": {"matchLabels": {"a": "b"}}}}
        kubeflow.apply(dump(body), namespace=team)
        release.upgrade(_values())
        said = self._said(crd_cluster, release, tmp_path)
        assert said == f"{team}/cache: made by somebody else, left alone\n"
        assert kubeflow.get("poddefaults", "cache", namespace=team)["spec"]["desc"] == "theirs"
        assert kubeflow.get_all("poddefaults", namespace="kube-system") == []

    def test_before_kubeflow_is_there_it_waits(
        self, cluster: LocalCluster, helm4: Helm, namespace: str, tmp_path: Path
    ) -> None:
        release = PlatformRelease(helm4, namespace)
        release.upgrade(_values(), wait=False)
        assert "not there yet" in self._said(cluster, release, tmp_path)

    def test_the_account_can_do_nothing_else(
        self, crd_cluster: LocalCluster, release: PlatformRelease, kubeflow: Kubectl, tmp_path: Path
    ) -> None:
        release.upgrade(_values())
        access = as_account(crd_cluster, NAME, release.namespace, tmp_path)
        account = Kubectl(kubeflow.path, kubeflow.runner, access)
        assert account.can_i("create", "poddefaults.kubeflow.org", namespace="default")
        for verb, what in (
            ("get", "secrets"),
            ("create", "pods"),
            ("patch", "namespaces"),
            ("get", "configmaps"),
        ):
            assert not account.can_i(verb, what, namespace="default"), what

    def _said(self, cluster: LocalCluster, release: PlatformRelease, folder: Path) -> str:
        done = self.run(cluster, release, folder)
        assert done.code == 0, done.stderr
        return done.stdout


def test_pods_that_ask_for_a_gpu_get_the_runtime_class(
    release: PlatformRelease, team: str, kubeflow: Kubectl
) -> None:
    """By the API server's own admission; the RuntimeClass is gpu-sharing's."""
    runtime = {"apiVersion": "node.k8s.io/v1", "kind": "RuntimeClass", "metadata": {"name": "nvidia"}}
    kubeflow.apply(dump(runtime | {"handler": "nvidia"}))
    shared = {"gpu": {"runtimeClassName": "nvidia"}}
    release.upgrade({"global": shared, **_values(team, gpuRuntime={"enabled": True})})

    def runtime_of(place: str, **limits: str) -> str | None:
        container = {"name": "c", "image": "i", "resources": {"limits": limits}}
        pod = {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": "p"},
            "spec": {"containers": [container]},
        }
        made = kubeflow.run(
            "create", "-f", "-", "-n", place, "--dry-run=server", "-o", "json", stdin=dump(pod)
        )
        found: str | None = json.loads(made.stdout)["spec"].get("runtimeClassName")
        return found

    eventually(lambda: _is(runtime_of(team, **{"nvidia.com/gpu": "1"}), "nvidia"))
    assert runtime_of(team, cpu="1") is None
    assert runtime_of("default", **{"nvidia.com/gpu": "1"}) is None


def _is(found: object, wanted: object) -> None:
    assert found == wanted
