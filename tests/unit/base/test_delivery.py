"""What the engines read: complete, in order, and about the same releases in each."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import Any

import pytest
import yaml

from generator.base.layer import Layer
from generator.base.model import Objects
from generator.delivery.argocd import HEALTH
from generator.delivery.files import base_files
from tests.conftest import ROOT
from tests.unit.base.samples import layers, profiles

Document = dict[str, Any]
NAMES = ("all", "envoy", "bare")


@cache
def files(name: str) -> dict[str, str]:
    """The base layer's files."""
    return base_files(profiles()[name])


def documents(name: str, path: str) -> list[Document]:
    """Documents of one file below the base folder."""
    return [one for one in yaml.safe_load_all(files(name)[f"values/{name}/base/{path}"]) if one]


def charts(layer: Layer) -> list[str]:
    """Names of what helm installs."""
    return [one.name for one in layer.releases if not isinstance(one.source, Objects)]


@pytest.mark.parametrize("name", NAMES)
def test_helmfile_installs_each_release_after_what_it_needs(name: str) -> None:
    [helmfile] = documents(name, "helmfile.yaml")
    done: set[str] = set()
    for one in helmfile["releases"]:
        assert set(one.get("needs", [])) <= done, one["name"]
        done.add(f"{one['namespace']}/{one['name']}")
    assert [one["name"] for one in helmfile["releases"]] == charts(layers()[name])
    known = {one["name"] for one in helmfile["repositories"]}
    for one in helmfile["releases"]:
        repository = one["chart"].partition("/")[0]
        assert repository in known or (ROOT / "values/x/base" / one["chart"]).resolve().is_dir()
        assert ("version" in one) == (repository in known), one["name"]


@pytest.mark.parametrize("name", NAMES)
def test_helmfile_reads_files_that_are_made(name: str) -> None:
    [helmfile] = documents(name, "helmfile.yaml")
    made = {path.removeprefix(f"values/{name}/base/") for path in files(name)}
    for one in helmfile["releases"]:
        assert all(value in made or value.startswith("../../../values/") for value in one["values"])
        for hook in one.get("hooks", []):
            assert f"{hook['args'][-1]}/kustomization.yaml" in made
    hooked = {hook["args"][-1] for one in helmfile["releases"] for hook in one.get("hooks", [])}
    objects = {f"objects/{one.key}" for one in layers()[name].releases if isinstance(one.source, Objects)}
    assert hooked == objects


@pytest.mark.parametrize("name", NAMES)
def test_argo_cd_has_an_application_for_each_release(name: str) -> None:
    found = {one["metadata"]["name"]: one for one in documents(name, "argocd/applications/applications.yaml")}
    layer = layers()[name]
    assert set(found) == {f"{name}-{one.key}" for one in layer.releases}
    for one in layer.releases:
        application = found[f"{name}-{one.key}"]
        waves = application["metadata"]["annotations"]["argocd.argoproj.io/sync-wave"]
        assert waves == str(one.wave)
        spec = application["spec"]
        assert "ServerSideApply=true" in spec["syncPolicy"]["syncOptions"]
        assert spec["syncPolicy"]["automated"]["prune"] is False
        for source in spec.get("sources", [spec.get("source")]):
            for file in (source.get("helm") or {}).get("valueFiles", []):
                path = file.removeprefix("$values/").removeprefix("/")
                assert path in files(name) or path in (f"values/{name}.yaml", f"values/{name}/node-prep.yaml")


def test_argo_cd_waits_for_health_and_sync() -> None:
    [config] = documents("all", "argocd/argocd-cm.yaml")
    assert config["data"] == {"resource.customizations.health.argoproj.io_Application": HEALTH}
    assert '== "Healthy"' in HEALTH
    assert '== "Synced"' in HEALTH


@pytest.mark.parametrize("name", NAMES)
def test_flux_waits_wave_by_wave(name: str) -> None:
    _, *synced = documents(name, "flux/sync/sync.yaml")
    for before, after in pairwise(synced):
        assert after["spec"]["dependsOn"] == [{"name": before["metadata"]["name"]}]
        assert after["spec"]["wait"] is True
        path = after["spec"]["path"].removeprefix("./")
        assert f"{path}/releases.yaml" in files(name)
    assert len(synced) == 1 + len(layers()[name].waves)


@pytest.mark.parametrize("name", NAMES)
def test_flux_knows_every_source_and_value(name: str) -> None:
    releases = [
        one
        for path, text in files(name).items()
        if path.endswith("/releases.yaml")
        for one in yaml.safe_load_all(text)
    ]
    helm = [one for one in releases if one["kind"] == "HelmRelease"]
    assert {one["spec"]["releaseName"] for one in helm} == set(charts(layers()[name]))
    sources = {(one["kind"], one["metadata"]["name"]) for one in documents(name, "flux/sources.yaml")}
    sources.add(("GitRepository", "platform"))
    [kustomization] = documents(name, "kustomization.yaml")
    values = {one["name"] for one in kustomization["configMapGenerator"]}
    for one in helm:
        spec = one["spec"]
        source = spec.get("chartRef") or spec["chart"]["spec"]["sourceRef"]
        assert (source["kind"], source["name"]) in sources
        assert {item["name"] for item in spec.get("valuesFrom", [])} <= values
    for one in kustomization["configMapGenerator"]:
        path = one["files"][0].partition("=")[2]
        assert f"values/{name}/base/{path}" in files(name)


def test_without_a_repository_there_are_no_files_for_engines() -> None:
    assert not [path for path in base_files(profiles()["arl"]) if "/argocd/" in path or "/flux/" in path]


@pytest.mark.parametrize("name", NAMES)
def test_the_plan_names_every_release_and_what_must_hold(name: str) -> None:
    [plan] = documents(name, "plan.yaml")
    listed = [one for wave in plan["waves"] for one in wave["releases"]]
    assert [one["release"] for one in listed] == [one.name for one in layers()[name].releases]
    assert all(wave["why"] for wave in plan["waves"])
    text = files(name)[f"values/{name}/base/README.md"]
    assert all(release.title in text for release in layers()[name].releases)


def test_namespaces_carry_their_pod_security_level() -> None:
    made = documents("all", "objects/namespaces/namespaces.yaml")
    levels = {
        one["metadata"]["name"]: one["metadata"]["labels"]["pod-security.kubernetes.io/enforce"]
        for one in made
    }
    assert levels["metallb-system"] == "privileged"
    assert levels["cert-manager"] == "restricted"
    assert "kube-system" not in levels
