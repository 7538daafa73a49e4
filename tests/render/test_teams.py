"""The chart `teams` by both helms: namespaces, limits, rights, network rules, pull secrets, the deployer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from generator.generation import umbrella_values
from generator.profile.cluster import Deployer
from generator.profile.model import Profile
from tests.conftest import ROOT
from tests.render.conftest import Template
from tests.render.helm_binary import Document

ENFORCE = "pod-security.kubernetes.io/enforce"
KEEP = "helm.sh/resource-policy"


def _team(**settings: Any) -> dict[str, Any]:
    return {"teams": {"vision": settings}}


def _kind(documents: list[Document], kind: str) -> list[Document]:
    return [one for one in documents if one["kind"] == kind]


def _one(documents: list[Document], kind: str) -> Document:
    (found,) = _kind(documents, kind)
    return found


def _named(documents: list[Document], kind: str, end: str) -> Document:
    (found,) = (one for one in _kind(documents, kind) if one["metadata"]["name"].endswith(end))
    return found


class TestNamespace:
    def test_restricted_and_kept_unless_told_otherwise(self, template: Template) -> None:
        metadata = _one(template("teams", _team()), "Namespace")["metadata"]
        assert metadata["name"] == "vision"
        assert {
            metadata["labels"][f"pod-security.kubernetes.io/{mode}"] for mode in ("enforce", "audit", "warn")
        } == {"restricted"}
        assert metadata["labels"][f"{ENFORCE}-version"] == "latest"
        assert metadata["annotations"][KEEP] == "keep"

    def test_own_name_level_labels_and_no_keep(self, template: Template) -> None:
        security = {"enforce": "baseline", "version": "v1.34"}
        values = _team(
            namespace="cv", keep=False, podSecurity=security, labels={"istio-injection": "enabled"}
        )
        metadata = _one(template("teams", values), "Namespace")["metadata"]
        assert metadata["name"] == "cv"
        assert metadata["labels"][ENFORCE] == "baseline"
        assert metadata["labels"][f"{ENFORCE}-version"] == "v1.34"
        assert metadata["labels"]["istio-injection"] == "enabled"
        assert "annotations" not in metadata

    def test_no_team_no_object(self, template: Template) -> None:
        assert template("teams", {}) == []


class TestLimits:
    def test_a_quota_holds_what_is_set_and_zero_is_set(self, template: Template) -> None:
        quota = {
            "cpu": 32,
            "memory": "64Gi",
            "gpus": 0,
            "storage": "1Ti",
            "claims": 20,
            "extra": {"count/jobs.batch": 5},
        }
        values = _team(quota=quota) | {"global": {"gpu": {"resourceName": "nvidia.com/gpu.shared"}}}
        assert _one(template("teams", values), "ResourceQuota")["spec"]["hard"] == {
            "requests.cpu": "32",
            "requests.memory": "64Gi",
            "requests.nvidia.com/gpu.shared": "0",
            "requests.storage": "1Ti",
            "persistentvolumeclaims": "20",
            "count/jobs.batch": "5",
        }

    def test_no_quota_no_object(self, template: Template) -> None:
        assert not _kind(template("teams", _team()), "ResourceQuota")
        assert not _kind(template("teams", _team(quota={"gpus": -1})), "ResourceQuota")

    def test_a_team_replaces_the_default_limits_whole(self, template: Template) -> None:
        documents = template(
            "teams",
            {
                "defaults": {"limits": {"default": {"cpu": "1"}}},
                "teams": {"a": {}, "b": {"limits": {"max": {"memory": "8Gi"}, "maxClaim": "1Ti"}}},
            },
        )
        ranges = {
            one["metadata"]["namespace"]: one["spec"]["limits"] for one in _kind(documents, "LimitRange")
        }
        assert ranges["a"][0]["default"] == {"cpu": "1", "memory": "512Mi"}
        assert ranges["b"] == [
            {"type": "Container", "max": {"memory": "8Gi"}},
            {"type": "PersistentVolumeClaim", "max": {"storage": "1Ti"}},
        ]


class TestAccess:
    def test_a_binding_for_each_role(self, template: Template) -> None:
        access = {
            "edit": {"groups": ["vision"], "users": ["ada@example.org"]},
            "view": {"users": ["guest"]},
            "admin": {},
        }
        bindings = _kind(template("teams", _team(access=access)), "RoleBinding")
        found = {one["roleRef"]["name"]: [who["name"] for who in one["subjects"]] for one in bindings}
        assert found == {"edit": ["ada@example.org", "vision"], "view": ["guest"]}

    def test_another_role_is_another_object(self, template: Template) -> None:
        """Kubernetes lets nobody change the role of a binding."""
        names = {
            _one(template("teams", _team(access={role: {"users": ["u"]}})), "RoleBinding")["metadata"]["name"]
            for role in ("edit", "view")
        }
        assert len(names) == 2


class TestNetwork:
    def test_nothing_but_the_namespace_and_dns_by_default(self, template: Template) -> None:
        documents = template("teams", _team())
        assert _named(documents, "NetworkPolicy", "default-deny")["spec"] == {
            "podSelector": {},
            "policyTypes": ["Ingress", "Egress"],
        }
        allow = _named(documents, "NetworkPolicy", "-allow")["spec"]
        assert allow["ingress"] == [{"from": [{"podSelector": {}}]}]
        own, dns = allow["egress"]
        assert own == {"to": [{"podSelector": {}}]}
        assert {(port["port"], port["protocol"]) for port in dns["ports"]} == {(53, "UDP"), (53, "TCP")}

    def test_the_internet_is_what_is_not_private(self, template: Template) -> None:
        values = _team(network={"internet": True}) | {"privateRanges": ["10.0.0.0/8", "fc00::/7"]}
        peers = _named(template("teams", values), "NetworkPolicy", "-allow")["spec"]["egress"][0]["to"]
        assert peers[1:] == [
            {"ipBlock": {"cidr": "0.0.0.0/0", "except": ["10.0.0.0/8"]}},
            {"ipBlock": {"cidr": "::/0", "except": ["fc00::/7"]}},
        ]

    def test_named_namespaces_and_networks(self, template: Template) -> None:
        network = {"allowFrom": ["monitoring"], "allowTo": ["minio"], "allowToCidrs": ["192.168.1.0/24"]}
        allow = _named(template("teams", _team(network=network)), "NetworkPolicy", "-allow")["spec"]
        selected = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "monitoring"}}}
        assert selected in allow["ingress"][0]["from"]
        assert {"ipBlock": {"cidr": "192.168.1.0/24"}} in allow["egress"][0]["to"]

    def test_isolation_can_be_left_out(self, template: Template) -> None:
        assert not _kind(template("teams", _team(network={"isolate": False})), "NetworkPolicy")


class TestDefaultServiceAccount:
    """docs/decisions/0005-default-serviceaccount.md."""

    def test_the_account_itself_is_never_rendered(self, template: Template) -> None:
        values = _team(imagePullSecrets=["own"]) | {"global": {"imagePullSecrets": ["all"]}}
        documents = template("teams", values)
        assert "default" not in {one["metadata"]["name"] for one in _kind(documents, "ServiceAccount")}
        data = _one(documents, "ConfigMap")["data"]
        assert yaml.safe_load(data["vision.yaml"])["imagePullSecrets"] == [{"name": "all"}, {"name": "own"}]

    def test_the_list_of_a_team_without_is_left_alone(self, template: Template) -> None:
        data = _one(template("teams", {"teams": {"a": {"imagePullSecrets": ["x"]}, "b": {}}}), "ConfigMap")[
            "data"
        ]
        assert yaml.safe_load(data["b.yaml"]).keys() == {"apiVersion", "kind", "metadata"}

    @pytest.mark.parametrize("enabled", [True, False])
    def test_no_pull_secrets_no_job(self, template: Template, enabled: bool) -> None:
        values = _team(imagePullSecrets=[] if enabled else ["x"])
        documents = template("teams", values | {"defaultServiceAccount": {"enabled": enabled}})
        assert not _kind(documents, "Job")
        assert not _kind(documents, "ConfigMap")


def _profiles() -> Iterator[Profile]:
    for file in sorted((ROOT / "profiles").glob("*.yaml")):
        yield Profile.model_validate(yaml.safe_load(file.read_text()))


def _allowed(documents: list[Document]) -> set[tuple[str, str]]:
    """API group and resource that the deployer may create."""
    roles = [one for one in _kind(documents, "ClusterRole") if "-deployer-" in one["metadata"]["name"]]
    return {
        (group, resource)
        for role in roles
        for rule in role["rules"]
        if {"create", "patch", "delete"} <= set(rule["verbs"]) or rule["resources"] == ["namespaces"]
        for group in rule["apiGroups"]
        for resource in rule["resources"]
    }


def _resource(document: Document) -> tuple[str, str]:
    group, slash, _ = document["apiVersion"].partition("/")
    kind = document["kind"].lower()
    if re.search("[^aeiou]y$", kind):
        plural = f"{kind[:-1]}ies"
    else:
        plural = f"{kind}es" if kind.endswith("s") else f"{kind}s"
    return (group if slash else "", plural)


class TestDeployer:
    OWN = {
        ("rbac.authorization.k8s.io", "clusterroles"),
        ("rbac.authorization.k8s.io", "clusterrolebindings"),
    }

    @pytest.mark.parametrize("profile", tuple(_profiles()), ids=lambda profile: profile.name)
    def test_it_may_write_every_kind_that_the_umbrella_renders(
        self, template: Template, profile: Profile
    ) -> None:
        cluster = profile.cluster.model_copy(update={"deployer": Deployer()})
        values = umbrella_values(profile.model_copy(update={"cluster": cluster}))
        values["global"] = values["global"] | {"customResources": "always"}
        documents = template("umbrella", values)
        assert {_resource(one) for one in documents} - self.OWN - _allowed(documents) == set()

    def test_it_gets_no_secrets_outside_the_releases_namespace(self, template: Template) -> None:
        documents = template("teams", _team() | {"deployer": {"enabled": True}})
        with_secrets = [
            one
            for kind in ("Role", "ClusterRole")
            for one in _kind(documents, kind)
            if any({"secrets", "*"} & set(rule["resources"]) for rule in one["rules"])
        ]
        assert [(one["kind"], one["metadata"]["namespace"]) for one in with_secrets] == [("Role", "platform")]

    def test_cluster_admin_only_when_asked_for(self, template: Template) -> None:
        for asked in (False, True):
            documents = template("teams", _team() | {"deployer": {"enabled": True, "clusterAdmin": asked}})
            roles = {one["roleRef"]["name"] for one in _kind(documents, "ClusterRoleBinding")}
            assert ("cluster-admin" in roles) is asked
            assert bool(_kind(documents, "ClusterRole")) is not asked

    def test_cluster_wide_names_hold_the_namespace(self, template: Template) -> None:
        found = [
            {
                one["metadata"]["name"]
                for one in template("teams", {"deployer": {"enabled": True}}, namespace=namespace)
                if "namespace" not in one["metadata"]
            }
            for namespace in ("a", "b")
        ]
        assert found[0]
        assert not found[0] & found[1]
