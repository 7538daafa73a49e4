"""The chart `jupyterhub-config`: its package on a stand-in of traitlets' configuration, and its policies.

tests/machines/test_jupyterhub.py shows the same with a real hub.
"""

from __future__ import annotations

import importlib.util
import json
import os
import ssl
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
import yaml

from generator.checking import check_bytes
from generator.components.jupyterhub_config import build, z2jh
from generator.components.jupyterhub_config.values import JupyterHubConfigValues
from tests.conftest import ROOT
from tests.render.conftest import Template
from tests.render.helm_binary import Document, Helm

PACKAGE = ROOT / "charts/umbrella/charts/jupyterhub-config/files/labhelm_hub"
CHART = "jupyterhub-config"
UPSTREAM = ROOT.parent / "shared/upstream"
SECRET = {"name": "oauth", "key": "client-secret"}
OAUTH = {"clientId": "lab", "clientSecret": SECRET}
ENV = {
    "LABHELM_CLIENT_SECRET": "from the Secret",
    "LABHELM_LDAP_PASSWORD": "also",
    "LABHELM_METRICS_TOKEN": "t",
}
LDAP = {"server": "nas", "searchBase": "dc=example", "allowedGroups": ["cn=ml"]}


class Config(dict[str, Any]):
    """As traitlets': a section appears when it is named, a setting that was not made is not there."""

    def __getattr__(self, name: str) -> Any:
        return self[name]

    def __getitem__(self, name: str) -> Any:
        return self.setdefault(name, Config()) if name[0].isupper() else super().__getitem__(name)

    def __setattr__(self, name: str, value: Any) -> None:
        self[name] = value


@pytest.fixture(scope="module")
def hub() -> Iterator[ModuleType]:
    """The package as the hub imports it."""
    name = "labhelm_hub"
    places = [str(PACKAGE)]
    spec = importlib.util.spec_from_file_location(
        name, PACKAGE / "__init__.py", submodule_search_locations=places
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    yield module
    for loaded in [one for one in sys.modules if one.split(".")[0] == name]:
        del sys.modules[loaded]


def settings_of(documents: list[Document]) -> dict[str, Any]:
    (found,) = [one for one in documents if one["kind"] == "ConfigMap"]
    settings: dict[str, Any] = json.loads(found["data"]["settings.json"])
    return settings


Configure = Any


@pytest.fixture
def configure(hub: ModuleType, helms: dict[str, Helm]) -> Configure:
    """Render values, apply what comes out, give the configuration."""

    def run(values: dict[str, Any], **before: Any) -> Config:
        values = {"authentication": {"type": "ldap", "ldap": LDAP}, **values}
        c = Config()
        for section, already in before.items():
            c[section].update(already)
        hub.configure(c, settings_of(helms["helm4"].template(CHART, values)), ENV)
        return c

    return run


def login(kind: str, provider: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"authentication": {"type": kind, kind: provider, **more}}


class TestLogin:
    @pytest.mark.parametrize(
        "values",
        [
            {"authentication": {}},
            login("ldap", {"server": "nas", "searchBase": "dc=example"}),
            login("github", OAUTH),
            login("oidc", OAUTH),
            login("google", OAUTH),
        ],
        ids=lambda values: str(values["authentication"].get("type")),
    )
    def test_a_hub_that_would_let_nobody_in_ends(self, configure: Configure, values: dict[str, Any]) -> None:
        with pytest.raises(SystemExit, match="nobody"):
            configure(values)

    def test_administrators_get_in_and_who_left_does_not(self, configure: Configure) -> None:
        c = configure(login("github", OAUTH, adminUsers=["ada"], allowedUsers=["bob"]))
        assert c.Authenticator == {
            "allow_all": False,
            "allowed_users": {"ada", "bob"},
            "admin_users": {"ada"},
            "allow_existing_users": False,
        }

    def test_certificates_are_always_verified(self, configure: Configure) -> None:
        plain = configure(login("ldap", LDAP)).LDAPAuthenticator
        assert (plain["tls_strategy"], plain["tls_kwargs"]) == (
            "before_bind",
            {"validate": ssl.CERT_REQUIRED},
        )
        own = configure(
            login("ldap", {**LDAP, "tls": "on-connect", "ca": {"configMap": "nas-ca", "key": "k"}})
        )
        assert own.LDAPAuthenticator["tls_kwargs"]["ca_certs_file"] == f"{z2jh.CA_FOLDER}/k"
        assert own.LDAPAuthenticator["tls_strategy"] == "on_connect"

    def test_a_search_has_its_password_from_the_secret(self, configure: Configure) -> None:
        reader = {"searchUser": "cn=reader", "searchPassword": SECRET}
        found = configure(login("ldap", {**LDAP, **reader})).LDAPAuthenticator
        assert found["lookup_dn"] is True
        assert found["lookup_dn_search_password"] == "also"
        assert "bind_dn_template" not in found

    def test_templates_keep_their_order(self, configure: Configure) -> None:
        templates = ["uid={username},ou=b", "uid={username},ou=a"]
        found = configure(login("ldap", {"server": "n", "bindDNTemplate": templates}, allowAll=True))
        assert found.LDAPAuthenticator["bind_dn_template"] == templates
        assert "lookup_dn" not in found.LDAPAuthenticator

    def test_groups_are_asked_by_the_attributes_that_the_directory_has(self, configure: Configure) -> None:
        groups = {**LDAP, "groupAttributes": ["member", "memberUid"], "adminGroups": ["cn=admins"]}
        found = configure(login("ldap", groups)).LDAPAuthenticator
        assert found["group_search_filter"] == "(|(member={userdn})(memberUid={uid}))"
        assert found["allowed_groups"] == ["cn=ml", "cn=admins"]

    def test_openid_connect(self, configure: Configure) -> None:
        addresses = {"authorizeUrl": "https://i/a", "tokenUrl": "https://i/t", "userdataUrl": "https://i/u"}
        c = configure(login("oidc", {**OAUTH, **addresses, "allowedGroups": ["ml"], "adminGroups": ["ops"]}))
        found = c.GenericOAuthenticator
        assert c.JupyterHub["authenticator_class"] == "generic-oauth"
        assert found["client_secret"] == "from the Secret"
        assert (found["manage_groups"], found["auth_state_groups_key"]) == (True, "oauth_user.groups")
        assert (found["allowed_groups"], found["admin_groups"]) == ({"ml", "ops"}, {"ops"})

    def test_github_asks_for_the_right_to_see_organizations(self, configure: Configure) -> None:
        found = configure(login("github", {**OAUTH, "organizations": ["example:ml"]})).GitHubOAuthenticator
        assert found["scope"] == ["read:org"]

    def test_a_secret_that_is_missing_is_named(self, hub: ModuleType, template: Template) -> None:
        settings = settings_of(template(CHART, login("google", {**OAUTH, "domains": ["example.org"]})))
        with pytest.raises(SystemExit, match="Secret oauth, key client-secret"):
            hub.configure(Config(), settings, {})


class TestNotebooks:
    CHOICES = [
        {"name": "small", "cpu": "500m", "memory": "1Gi"},
        {"name": "gpu", "title": "A GPU", "cpu": "4", "memory": "8G", "cpuRequest": "1", "gpus": 2,
         "image": {"repository": "r/torch", "tag": "1"}, "nodeSelector": {"kubernetes.io/hostname": "kitt"},
         "tolerations": [{"key": "gpu", "operator": "Exists", "value": "", "effect": ""}]},
    ]  # fmt: skip
    GLOBAL = {"gpu": {"resourceName": "nvidia.com/gpu.shared", "runtimeClassName": "nvidia"},
              "imageRegistry": "harbor.example.org", "imagePullSecrets": ["harbor"]}  # fmt: skip

    def test_choices(self, configure: Configure) -> None:
        c = configure({"notebook": {"choices": self.CHOICES}, "global": self.GLOBAL})
        small, gpu = c.KubeSpawner["profile_list"]
        assert (small["default"], gpu["default"]) == (True, False)
        assert small["kubespawner_override"] == {
            "cpu_limit": 0.5, "cpu_guarantee": 0.5, "mem_limit": 2**30, "mem_guarantee": 2**30,
            "node_selector": {},
        }  # fmt: skip
        assert gpu["kubespawner_override"] == {
            "cpu_limit": 4.0, "cpu_guarantee": 1.0, "mem_limit": 8 * 10**9, "mem_guarantee": 8 * 10**9,
            "node_selector": {"kubernetes.io/hostname": "kitt"},
            "image": "harbor.example.org/r/torch:1", "image_pull_policy": "IfNotPresent",
            "tolerations": [{"key": "gpu", "operator": "Exists"}],
            "extra_resource_limits": {"nvidia.com/gpu.shared": "2"},
            "extra_pod_config": {"runtimeClassName": "nvidia"},
        }  # fmt: skip
        assert c.KubeSpawner["image_pull_secrets"] == ["harbor"]

    def test_a_home_by_a_class_is_never_deleted(self, configure: Configure) -> None:
        found = configure({"notebook": {"home": {"className": "fast", "size": "5Gi"}}}).KubeSpawner
        assert (found["storage_pvc_ensure"], found["delete_pvc"]) == (True, False)
        assert (found["storage_class"], found["storage_capacity"]) == ("fast", "5Gi")
        assert found["volumes"]["home"]["persistentVolumeClaim"] == {"claimName": "{pvc_name}"}

    def test_folders_of_one_claim_are_made_by_the_notebooks_user(self, configure: Configure) -> None:
        found = configure({"notebook": {"home": {"kind": "claim", "claim": "homes"}}}).KubeSpawner
        assert found["storage_pvc_ensure"] is False
        assert found["volume_mounts"]["home"]["subPath"] == "home/{username}"
        mounts = [SimpleNamespace(name="home", sub_path="home/ada")]
        notebook = SimpleNamespace(
            image="i:1", image_pull_policy="Never", security_context={"runAsUser": 1000}, volume_mounts=mounts
        )
        pod = SimpleNamespace(spec=SimpleNamespace(containers=[notebook], init_containers=None))
        (made,) = found["modify_pod_hook"](None, pod).spec.init_containers
        assert made["command"] == ["mkdir", "-p", "/all-homes/home/ada"]
        assert made["securityContext"] == {"runAsUser": 1000}

    def test_one_claim_mounted_twice_is_one_volume(self, configure: Configure) -> None:
        volumes = {
            "data": {"claim": "data", "mountPath": "/data"},
            "data-1": {"claim": "data", "mountPath": "/in", "subPath": "in", "readOnly": True},
        }
        found = configure({"notebook": {"volumes": volumes, "sharedMemory": "1Gi"}}).KubeSpawner
        assert set(found["volumes"]) == {"home", "volume-data", "shared-memory"}
        assert found["volume_mounts"]["data-1"] == {
            "name": "volume-data", "mountPath": "/in", "readOnly": True, "subPath": "in",
        }  # fmt: skip

    def test_what_was_set_before_stays(self, configure: Configure) -> None:
        before = {"volumes": {"files": {"name": "files"}}, "environment": {"A": "1"}}
        found = configure({"notebook": {"environment": {"B": "2"}}}, KubeSpawner=before).KubeSpawner
        assert set(found["volumes"]) == {"files", "home"}
        assert found["environment"] == {"A": "1", "B": "2"}

    @pytest.mark.parametrize(
        ("placement", "trait"), [("worker", "preferred"), ("system", "required"), ("build", "required")]
    )
    def test_placement(self, configure: Configure, placement: str, trait: str) -> None:
        assert (
            len(configure({"notebook": {"placement": placement}}).KubeSpawner[f"node_affinity_{trait}"]) == 1
        )

    def test_no_placement(self, configure: Configure) -> None:
        found = configure({"notebook": {"placement": "any", "user": {"fsGroup": 0}}}).KubeSpawner
        assert not any(name.startswith("node_affinity") for name in found)
        assert found["fs_gid"] is None


class TestHub:
    def test_culler_has_the_rights_it_needs_and_no_more(self, configure: Configure) -> None:
        culling = {"idleSeconds": 60, "everySeconds": 10, "maxAgeSeconds": 9, "admins": False}
        c = configure({"hub": {"culling": culling}}, JupyterHub={"services": [{"name": "mine"}]})
        mine, culler = c.JupyterHub["services"]
        assert mine == {"name": "mine"}
        assert {"--timeout=60", "--cull-every=10", "--max-age=9"} <= set(culler["command"])
        assert "--cull-admin-users=false" in culler["command"]
        (role,) = c.JupyterHub["load_roles"]
        assert not any("admin" in scope for scope in role["scopes"])

    def test_metrics_with_and_without_a_token(self, configure: Configure) -> None:
        assert "authenticate_prometheus" not in configure({}).JupyterHub
        open_to_all = configure({"hub": {"metrics": {"enabled": True}}})
        assert open_to_all.JupyterHub["authenticate_prometheus"] is False
        closed = configure({"hub": {"metrics": {"enabled": True, "token": SECRET}}}).JupyterHub
        assert {"name": "prometheus", "api_token": "t"} in closed["services"]
        assert "authenticate_prometheus" not in closed

    def test_a_section_that_no_class_has_is_refused(self, configure: Configure) -> None:
        with pytest.raises(SystemExit, match="kubeSpawner"):
            configure({"traits": {"kubeSpawner": {"start_timeout": 9}}})

    def test_own_settings_win(self, configure: Configure) -> None:
        assert configure({"traits": {"KubeSpawner": {"start_timeout": 9}}}).KubeSpawner["start_timeout"] == 9


def test_each_setting_is_read_by_the_package_or_is_for_others(hub: ModuleType, template: Template) -> None:
    """Whatever the values, no key of the settings is without effect on the hub."""
    read: set[str] = set()
    notebooks = {"choices": TestNotebooks.CHOICES, "image": {"repository": "i", "tag": "1"}}
    whole = login("ldap", {**LDAP, "searchUser": "cn=reader"}) | {"notebook": notebooks}
    whole["authentication"]["oidc"] = {"allowedGroups": ["ml"]}
    settings = settings_of(template(CHART, whole))
    people = {**settings["authentication"], "allowAll": True}
    for kind in ("ldap", "oidc", "github", "google"):
        for home in ("class", "claim"):
            notebook = {**settings["notebook"], "home": {**settings["notebook"]["home"], "kind": home}}
            made = {**settings, "authentication": {**people, "type": kind}, "notebook": notebook}
            hub.configure(Config(), Recorder(made, read), ENV)
    unread = {path for path in Recorder(settings, set()).paths() if path not in read}
    # Of the ServiceMonitor, of another placement, or of the pod that names the Secret.
    others = ("hub.labels", "hub.metrics.interval", "hub.metrics.labels", "nodeLabels.build")
    assert {
        path for path in unread if not path.startswith(others) and not path.endswith((".name", ".key"))
    } == set()


class Recorder(dict[str, Any]):
    """Settings that remember what was read of them."""

    def __init__(self, settings: dict[str, Any], read: set[str], path: str = "") -> None:
        self._read, self._path = read, path
        super().__init__({k: self._wrap(k, v) for k, v in settings.items()})

    def _wrap(self, key: str, value: Any) -> Any:
        return Recorder(value, self._read, f"{self._path}{key}.") if isinstance(value, dict) else value

    def __getitem__(self, key: str) -> Any:
        self._read.add(f"{self._path}{key}")
        return super().__getitem__(key)

    def get(self, key: str, default: Any = None) -> Any:
        return self[key] if key in self else default  # noqa: SIM401 - to be recorded

    def items(self) -> Any:
        self._read |= {f"{self._path}{key}" for key in self}
        return super().items()

    def paths(self) -> Iterator[str]:
        for key, value in super().items():
            if isinstance(value, Recorder):
                yield from value.paths()
            else:
                yield f"{self._path}{key}"


class TestPolicies:
    def test_notebooks_reach_dask_also_in_another_namespace(self, template: Template) -> None:
        peer = {"namespace": "vision", "podLabels": {"app.kubernetes.io/name": "dask"}, "ports": [8786]}
        values = {"networkPolicy": {"egress": {"dask": peer, "all": {}}}}
        (policy,) = [one for one in template(CHART, values) if one["kind"] == "NetworkPolicy"]
        assert policy["spec"]["podSelector"]["matchLabels"] == {"component": "singleuser-server"}
        everything, dask = policy["spec"]["egress"]
        assert everything == {"to": [{"podSelector": {"matchLabels": {}}}]}
        assert dask["ports"] == [{"protocol": "TCP", "port": 8786}]
        selector = dask["to"][0]["namespaceSelector"]["matchLabels"]
        assert selector == {"kubernetes.io/metadata.name": "vision"}

    def test_prometheus_shows_the_token(self, template: Template) -> None:
        values = {
            "hub": {"metrics": {"enabled": True, "token": SECRET}},
            "global": {"customResources": "always"},
        }
        found = {one["kind"]: one for one in template(CHART, values)}
        (endpoint,) = found["ServiceMonitor"]["spec"]["endpoints"]
        assert endpoint["authorization"] == {"type": "Bearer", "credentials": SECRET}
        assert found["NetworkPolicy"]["spec"]["ingress"][0]["ports"] == [{"protocol": "TCP", "port": 8081}]


class TestZeroToJupyterHub:
    """What the other chart is told (z2jh.py) and what this one renders are one thing."""

    def _lab(self) -> Any:
        profile = check_bytes((ROOT / "profiles/lab.yaml").read_bytes(), "lab.yaml").profile
        assert profile
        return profile

    @pytest.mark.parametrize("release", ["platform", "x" * 53])
    def test_it_mounts_the_config_map_that_is_there(self, template: Template, release: str) -> None:
        (found, *_) = template(CHART, {}, release=release)
        assert found["metadata"]["name"] == z2jh.config_map(release)
        assert set(found["data"]) >= {Path(z2jh.FRAGMENT).name, "__init__.py", "settings.json"}

    def test_paths_and_variables_are_those_of_the_package(self) -> None:
        text = "".join(file.read_text() for file in (*PACKAGE.glob("*.py"), PACKAGE.parent / "labhelm.py"))
        for said in (z2jh.HOME, z2jh.CA_FOLDER, z2jh.LDAP_PASSWORD, z2jh.CLIENT_SECRET, z2jh.METRICS_TOKEN):
            assert f'"{said}"' in text

    def test_another_configuration_restarts_the_hub(self) -> None:
        one = build(self._lab())
        other = one.model_copy(update={"traits": {"KubeSpawner": {"start_timeout": 1}}})
        assert z2jh.checksum(one) != z2jh.checksum(other)

    def test_secrets_are_named_and_nowhere_else(self) -> None:
        config = JupyterHubConfigValues.model_validate(
            login("ldap", {**LDAP, "ca": {"configMap": "nas-ca"}, "searchPassword": SECRET})
        )
        said = z2jh.hub(config)
        assert said["extraEnv"] == {"LABHELM_LDAP_PASSWORD": {"valueFrom": {"secretKeyRef": SECRET}}}
        assert [one["configMap"]["name"] for one in said["extraVolumes"]] == [z2jh.config_map(), "nas-ca"]

    @pytest.mark.skipif(
        not UPSTREAM.is_dir() and not os.environ.get("LABHELM_NO_SKIP"),
        reason="no schema of z2jh beside the repo",
    )
    def test_its_own_schema_takes_it(self) -> None:
        import jsonschema

        from tests.render.bases import overlay

        schema = json.loads((UPSTREAM / "jupyterhub-4.4.0.schema.json").read_text())
        defaults = yaml.safe_load((UPSTREAM / "defaults/jupyterhub-4.4.0.values.yaml").read_text())
        jsonschema.Draft7Validator(schema).validate(overlay(defaults, z2jh.overlay(self._lab())))
