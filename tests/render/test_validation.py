"""Every rendered document is valid for the oldest and the newest Kubernetes, without asking a cluster."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.render.helm_binary import ROOT, Helm, documents
from tests.render.kubernetes_schemas import VERSIONS, KubernetesSchemas, make_schemas

PROFILES = sorted((ROOT / "values").glob("*.yaml"))
CI_VALUES = sorted((ROOT / "charts").rglob("ci/*-values.yaml"))
CUSTOM = {
    "global": {"customResources": "always"},
    "dask": {
        "metrics": {"enabled": True},
        "scheduler": {"route": {"enabled": True, "parentRefs": [{"name": "lab"}]}},
        "notebook": {
            "route": {"enabled": True, "parentRefs": [{"name": "lab"}], "hostnames": ["n.example.org"]}
        },
    },
}


@pytest.fixture(scope="module")
def schemas(tmp_path_factory: pytest.TempPathFactory) -> KubernetesSchemas:
    return make_schemas(tmp_path_factory.mktemp("schemas") / "core")


@pytest.fixture(scope="module")
def custom_schemas(tmp_path_factory: pytest.TempPathFactory, upstream: Path) -> KubernetesSchemas:
    return make_schemas(tmp_path_factory.mktemp("schemas") / "custom", upstream / "crds")


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_there_are_profiles_and_ci_values() -> None:
    assert len(PROFILES) >= 3
    assert len(CI_VALUES) >= len(PROFILES)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("values", [*PROFILES, *CI_VALUES], ids=shown)
def test_every_document_is_valid(
    helms: dict[str, Helm], schemas: KubernetesSchemas, values: Path, version: str
) -> None:
    chart = values.parent.parent if values in CI_VALUES else ROOT / "charts/umbrella"
    text = helms["helm4"].render(chart, values, kube_version=version).stdout
    found = schemas.check_text(version, text)
    assert found.faults == ()
    assert found.valid == len(documents(text)) > 0


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("values", PROFILES, ids=shown)
def test_custom_resources_fit_their_definitions(
    helms: dict[str, Helm], custom_schemas: KubernetesSchemas, values: Path, version: str
) -> None:
    has_dask = yaml.safe_load(values.read_text())["dask"].get("enabled", True)
    text = helms["helm4"].render("umbrella", [values, CUSTOM], kube_version=version).stdout
    kinds = {one["kind"] for one in documents(text)}
    assert not has_dask or {"HTTPRoute", "PodMonitor", "ServiceMonitor"} <= kinds
    found = custom_schemas.check_text(version, text)
    assert found.faults == ()
    assert found.valid == len(documents(text))


@pytest.mark.parametrize(
    ("good", "broken"),
    [
        ("kind: Deployment", "kind: Deploymint"),
        ("    spec:\n", "    spec:\n      restartPolice: Always\n"),
        ("containerPort: 8786", "containerPort: '8786'"),
        ("spec:\n", "spec:\n  replicas: 1\n  replicas: 1\n"),
    ],
    ids=["unknown kind", "unknown key", "wrong type", "key twice"],
)
def test_a_broken_document_is_found(
    helms: dict[str, Helm], schemas: KubernetesSchemas, good: str, broken: str
) -> None:
    scheduler = "charts/dask/templates/scheduler/deployment.yaml"
    text = helms["helm4"].render("umbrella", ROOT / "values/lab.yaml", show_only=scheduler).stdout
    assert good in text
    assert not schemas.check_text(VERSIONS[0], text).faults
    assert schemas.check_text(VERSIONS[0], text.replace(good, broken, 1)).faults


def test_a_broken_custom_resource_is_found(helms: dict[str, Helm], custom_schemas: KubernetesSchemas) -> None:
    monitor = "charts/dask/templates/scheduler/servicemonitor.yaml"
    text = helms["helm4"].render("umbrella", [ROOT / "values/lab.yaml", CUSTOM], show_only=monitor).stdout
    assert not custom_schemas.check_text(VERSIONS[0], text).faults
    broken = text.replace("endpoints:", "endpoint:")
    assert broken != text
    assert custom_schemas.check_text(VERSIONS[0], broken).faults
