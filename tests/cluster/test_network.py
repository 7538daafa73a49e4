"""The chart `network` on a real API server: without the operators' definitions, and with the real ones."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.cluster.helm import Helm
from generator.cluster.kubectl import Kubectl
from generator.cluster.local import LocalCluster
from generator.errors import CommandError
from tests.cluster.accounts import as_account
from tests.cluster.custom_resources import namespaces
from tests.cluster.platform_release import PlatformRelease
from tests.conftest import ROOT

CASES = sorted((ROOT / "charts/umbrella/charts/network/ci").glob("*-values.yaml"))
KINDS = (
    "ipaddresspools.metallb.io",
    "l2advertisements.metallb.io",
    "clusterissuers.cert-manager.io",
    "certificates.cert-manager.io",
    "gateways.gateway.networking.k8s.io",
    "httproutes.gateway.networking.k8s.io",
    "gateways.networking.istio.io",
)


NAMESPACES = ("metallb-system", "cert-manager", "istio-system", "kubeflow", "vision")


@pytest.fixture
def others(kubectl: Kubectl) -> Iterator[dict[str, str]]:
    """Namespaces of other releases in the cluster without definitions, by what the values call them."""
    with _others(kubectl) as names:
        yield names


@pytest.fixture
def crd_others(crd_cluster: LocalCluster) -> Iterator[dict[str, str]]:
    """The same where the definitions are."""
    with _others(crd_cluster.kubectl()) as names:
        yield names


@contextmanager
def _others(kubectl: Kubectl) -> Iterator[dict[str, str]]:
    end = uuid.uuid4().hex[:6]
    names = {name: f"{name}-{end}" for name in (*NAMESPACES, "here")}
    with namespaces(kubectl, *names.values()):
        yield names


def _values(case: Path, others: dict[str, str], apis: str = "auto") -> dict[str, Any]:
    values = yaml.safe_load(case.read_text())
    values["enabled"] = True
    values.setdefault("loadBalancer", {})["namespace"] = others["metallb-system"]
    values["certManagerNamespace"] = others["cert-manager"]
    values.setdefault("istio", {}).update(namespace=others["kubeflow"], podsNamespace=others["istio-system"])
    for page in values.get("pages", {}).values():
        if "namespace" in page:
            page["namespace"] = others[page["namespace"]]
    return {"global": {"customResources": apis}, "network": values}


def _case(name: str, others: dict[str, str], apis: str = "auto") -> dict[str, Any]:
    (found,) = (case for case in CASES if case.name == f"{name}-values.yaml")
    return _values(found, others, apis)


def test_without_operators_the_notes_say_what_is_left_out_and_what_brings_it(
    helm: Helm, others: dict[str, str]
) -> None:
    release = PlatformRelease(helm, others["here"])
    notes = release.upgrade(_case("letsencrypt-gateway", others))
    left_out = notes.split("Left out, as the cluster does not serve their API:")[1]
    for kind in ("IPAddressPool", "L2Advertisement", "ClusterIssuer", "Certificate", "Gateway", "HTTPRoute"):
        assert f"/{kind} of network" in left_out
    for brought in ("cert-manager --set crds.enabled=true", "metallb --repo", "gateway-api/releases"):
        assert brought in left_out
    manifest = helm.run("get", "manifest", release.name, namespace=release.namespace).stdout
    assert {one["kind"] for one in yaml.safe_load_all(manifest) if one} == {"NetworkPolicy"}


def test_never_leaves_out_without_a_word_and_always_insists(helm4: Helm, others: dict[str, str]) -> None:
    release = PlatformRelease(helm4, others["here"])
    assert "Left out" not in release.upgrade(_case("letsencrypt-gateway", others, "never"))
    with pytest.raises(CommandError, match="no matches for kind"):
        release.upgrade(_case("letsencrypt-gateway", others, "always"))


@pytest.mark.parametrize("major", [3, 4], ids=["helm3", "helm4"])
def test_the_server_takes_every_case_one_after_the_other(
    major: int, crd_cluster: LocalCluster, crd_others: dict[str, str]
) -> None:
    """By the real definitions, the Gateway API's own rules among them. Helm 3 gets some of the cases."""
    kubectl = crd_cluster.kubectl()
    release, seen = PlatformRelease(crd_cluster.helm(major), crd_others["here"]), set[str]()
    for case in CASES if major == 4 else CASES[::3]:
        notes = release.upgrade(_values(case, crd_others))
        assert "network" not in notes.partition("Left out")[2].replace("Middleware of network", "")
        seen |= {kind for kind in KINDS if _mine(kubectl, kind, crd_others)}
    assert seen == set(KINDS) or major == 3
    release.uninstall()
    left = {kind: _mine(kubectl, kind, crd_others) for kind in KINDS}
    kept = left.pop("certificates.cert-manager.io")
    assert not any(left.values())
    assert all(one["spec"].get("isCA") for one in kept)
    assert kept or major == 3, "people's browsers know the CA"


def test_the_notes_name_pages_and_commands_that_work(
    crd_cluster: LocalCluster, crd_others: dict[str, str]
) -> None:
    release = PlatformRelease(crd_cluster.helm(4), crd_others["here"])
    notes = release.upgrade(_case("letsencrypt-gateway", crd_others))
    assert "Left out" not in notes
    assert "dask: https://dask.lab.example.org" in notes
    assert "192.168.11.100-192.168.11.120" in notes
    commands = [line.split() for line in notes.splitlines() if line.startswith("  kubectl get")]
    assert len(commands) >= 2
    for command in commands:
        crd_cluster.kubectl().run(*(part.strip("'") for part in command[1:]))
    release.uninstall()


def test_two_releases_of_one_name_share_nothing(
    crd_cluster: LocalCluster, crd_others: dict[str, str]
) -> None:
    values = _case("letsencrypt-gateway", crd_others)
    del values["network"]["pages"]["dask"]["namespace"]
    twins = [
        PlatformRelease(crd_cluster.helm(4), crd_others[place], "twin") for place in ("here", "kubeflow")
    ]
    for twin in twins:
        twin.upgrade(values)
    pools = _mine(crd_cluster.kubectl(), "ipaddresspools.metallb.io", crd_others, "twin")
    assert len(pools) == 2
    for twin in twins:
        twin.uninstall()


def test_a_limited_deployer_writes_there_and_starts_no_pods(
    crd_cluster: LocalCluster, crd_others: dict[str, str], tmp_path: Path
) -> None:
    helm, kubectl, here = crd_cluster.helm(4), crd_cluster.kubectl(), crd_others["here"]
    values = _case("letsencrypt-gateway", crd_others)
    elsewhere = {crd_others[name]: "" for name in ("cert-manager", "istio-system", "metallb-system")}
    deployer = {"enabled": True, "namespaces": [crd_others["vision"]], "networkNamespaces": elsewhere}
    values["teams"] = {"enabled": True, "deployer": {**deployer, "roles": []}}
    PlatformRelease(helm, here).upgrade(values)
    access = as_account(crd_cluster, "platform-teams-deployer", here, tmp_path)
    account = Kubectl(kubectl.path, kubectl.runner, access)
    values["network"]["loadBalancer"]["pools"]["lan"]["addresses"] = ["192.168.11.100-192.168.11.110"]
    PlatformRelease(Helm(helm.path, helm.runner, access), here).upgrade(values)
    (pool,) = _mine(kubectl, "ipaddresspools.metallb.io", crd_others)
    assert pool["spec"]["addresses"] == ["192.168.11.100-192.168.11.110"]
    place = crd_others["metallb-system"]
    for what in ("pods", "deployments.apps", "secrets", "daemonsets.apps"):
        assert not account.can_i("create", what, namespace=place), what
    with pytest.raises(CommandError, match="attempting to grant RBAC permissions not currently held"):
        account.run("create", "rolebinding", "rise", "--clusterrole=admin", "--user=me", "-n", place)
    PlatformRelease(helm, here).uninstall()


def _mine(
    kubectl: Kubectl, kind: str, others: dict[str, str], release: str = "platform"
) -> list[dict[str, Any]]:
    """Objects of the chart in this test's namespaces, or in none."""
    labels = f"app.kubernetes.io/instance={release},app.kubernetes.io/name=network"
    found = kubectl.get_all(kind, selector=labels)
    return [one for one in found if one["metadata"].get("namespace", "") in ("", *others.values())]
