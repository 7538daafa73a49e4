"""Our folders of plain objects, built by real kubectl without network, over stand-ins for upstream's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.base import dex
from generator.base.layer import Release
from generator.cluster.runner import SystemRunner
from generator.delivery.objects import kustomization, object_files
from generator.output.yaml_text import dump
from generator.toolchain import SilentProgress, ensure
from generator.toolchain.table import NEWEST
from tests.conftest import ROOT
from tests.render.kubernetes_schemas import make_schemas
from tests.unit.base.samples import layers

Document = dict[str, Any]


def build(folder: Path) -> list[Document]:
    """What `kubectl kustomize` makes of a folder."""
    kubectl = ensure("kubectl", runner=SystemRunner(), progress=SilentProgress())
    text = SystemRunner().run([str(kubectl), "kustomize", str(folder)], timeout=120).stdout
    return [one for one in yaml.safe_load_all(text) if one]


def test_own_objects_are_valid(tmp_path: Path, upstream: Path) -> None:
    texts = []
    for name in ("all", "envoy"):
        for path, text in object_files(layers()[name], "# made\n").items():
            if (
                "/gateway-api/" in path
                or "/training-operator/" in path
                or path.endswith("kustomization.yaml")
            ):
                continue
            texts.append(text)
    schemas = make_schemas(tmp_path / "schemas", upstream / "crds")
    result = schemas.check_text(NEWEST, "---\n".join(texts))
    assert result.faults == ()
    assert result.valid > 15


def test_values_become_config_maps_for_flux() -> None:
    found = build(ROOT / "values" / "lab" / "base")
    maps = {one["metadata"]["name"]: one for one in found if one["kind"] == "ConfigMap"}
    values = yaml.safe_load(maps["traefik-values"]["data"]["values.yaml"])
    assert values["ports"]["web"]["port"] == 8000
    assert {one["kind"] for one in found} == {"ConfigMap", "HelmRepository", "OCIRepository"}
    assert all(one["metadata"]["namespace"] == "flux-system" for one in found)


def test_namespaces_are_built() -> None:
    found = build(ROOT / "values" / "lab" / "base" / "objects" / "namespaces")
    assert {one["kind"] for one in found} == {"Namespace"}


@pytest.fixture(scope="module")
def kubeflow(tmp_path_factory: pytest.TempPathFactory) -> list[Document]:
    """Our overlay over stand-ins with names and shapes of the pinned manifests, which need the network."""
    folder = tmp_path_factory.mktemp("kubeflow")
    release: Release = layers()["kubeflow"]["kubeflow"]
    (folder / "base").mkdir()
    (folder / "base" / "objects.yaml").write_text("---\n".join(map(dump, _stand_ins())))
    (folder / "base" / "kustomization.yaml").write_text(
        dump(
            {
                "resources": ["objects.yaml"],
                "configMapGenerator": [
                    {
                        "name": "oauth2-proxy-parameters",
                        "namespace": "oauth2-proxy",
                        "literals": ["FORCE_HTTPS=false", "KEPT=yes"],
                    }
                ],
            }
        )
    )
    document = kustomization(release) | {"resources": ["base"]}
    (folder / "kustomization.yaml").write_text(dump(document))
    return build(folder)


def _stand_ins() -> list[Document]:
    secrets = [("oauth2-proxy", "oauth2-proxy"), ("dex-oidc-client", "auth"), ("dex-passwords", "auth")]
    known = [_object("v1", "Secret", name, space, {"stringData": {"a": "known"}}) for name, space in secrets]
    rules = {"spec": {"jwtRules": [{"issuer": "http://other", "forwardOriginalToken": True}]}}
    mesh, security = "networking.istio.io/v1alpha3", "security.istio.io/v1beta1"
    return [
        *known,
        _object("v1", "ConfigMap", "dex", "auth", {"data": {"config.yaml": "staticPasswords: [known]"}}),
        _deployment("dex", "auth", {"envFrom": [{"secretRef": {"name": "dex-passwords"}}]}),
        _deployment("oauth2-proxy", "oauth2-proxy", {"env": [{"name": "KEPT", "value": "yes"}]}),
        _deployment("centraldashboard", "kubeflow", {"env": [{"name": "REGISTRATION_FLOW", "value": "x"}]}),
        _object("v1", "Service", "istio-ingressgateway", "istio-system", {"spec": {"type": "ClusterIP"}}),
        _object(mesh, "Gateway", "kubeflow-gateway", "kubeflow", {"spec": {}}),
        _object(security, "RequestAuthentication", "dex-jwt", "istio-system", rules),
    ]


def _object(api: str, kind: str, name: str, namespace: str, rest: Document) -> Document:
    return {"apiVersion": api, "kind": kind, "metadata": {"name": name, "namespace": namespace}, **rest}


def _deployment(name: str, namespace: str, container: Document) -> Document:
    pod = {"containers": [{"name": name, "image": "x.io/y:1", **container}]}
    return _object("apps/v1", "Deployment", name, namespace, {"spec": {"template": {"spec": pod}}})


def test_known_passwords_are_gone(kubeflow: list[Document]) -> None:
    assert not [one for one in kubeflow if one["kind"] == "Secret"]
    [config] = [one for one in kubeflow if one["metadata"]["name"] == "dex" and one["kind"] == "ConfigMap"]
    settings = yaml.safe_load(config["data"]["config.yaml"])
    assert settings["issuer"] == dex.SERVER
    assert "staticPasswords" not in settings
    assert settings["connectors"][0]["config"]["clientSecret"].startswith("$")
    container = _container(kubeflow, "dex")
    assert container["envFrom"] == [{"secretRef": {"name": "dex-oidc-client"}}]


def test_one_issuer_in_three_places(kubeflow: list[Document]) -> None:
    proxy = {one["name"]: one["value"] for one in _container(kubeflow, "oauth2-proxy")["env"]}
    assert proxy["OAUTH2_PROXY_OIDC_ISSUER_URL"] == dex.SERVER
    assert proxy["KEPT"] == "yes"
    [check] = [one for one in kubeflow if one["kind"] == "RequestAuthentication"]
    assert check["spec"]["jwtRules"] == [{"issuer": dex.SERVER, "forwardOriginalToken": True}]


def test_address_cookies_and_registration(kubeflow: list[Document]) -> None:
    [service] = [one for one in kubeflow if one["kind"] == "Service"]
    assert service["spec"]["type"] == "LoadBalancer"
    [parameters] = [one for one in kubeflow if one["metadata"]["name"].startswith("oauth2-proxy-parameters")]
    assert parameters["data"] == {"FORCE_HTTPS": "true", "KEPT": "yes"}
    assert _container(kubeflow, "centraldashboard")["env"] == [{"name": "REGISTRATION_FLOW", "value": "true"}]
    assert not [one for one in kubeflow if one["kind"] == "Gateway"]


def _container(documents: list[Document], name: str) -> Document:
    [one] = [each for each in documents if each["kind"] == "Deployment" and each["metadata"]["name"] == name]
    container: Document = one["spec"]["template"]["spec"]["containers"][0]
    return container
