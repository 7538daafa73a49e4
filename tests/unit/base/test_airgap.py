"""Images and charts for machines without network, with real helm; upstream's charts are stood in for."""

from __future__ import annotations

import json
import subprocess
import tarfile
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from generator.airgap.bundle import archive
from generator.airgap.copying import copy_script
from generator.airgap.inventory import Item, inventory
from generator.airgap.manifests import images_of
from generator.cli import labhelm
from generator.cluster.runner import SystemRunner
from generator.toolchain import SilentProgress, ensure
from tests.conftest import ROOT
from tests.unit.base.samples import REGISTRY, layers


def run(*argv: str) -> str:
    """Output of a command."""
    result = CliRunner().invoke(labhelm, ["--root", str(ROOT), *argv], standalone_mode=False)
    assert result.exception is None, result.output
    return result.output


def test_images_in_pods_and_in_settings_are_found() -> None:
    settings = {"choices": [{"image": {"repository": "quay.io/a/b", "tag": "1"}}, {"image": "c.io/d:2"}]}
    pod = {"containers": [{"image": "e.io/f:3"}], "initContainers": [{"image": "e.io/g@sha256:0"}]}
    manifests = [
        {"kind": "Deployment", "spec": {"template": {"spec": pod}}},
        {"kind": "ConfigMap", "data": {"settings.json": json.dumps(settings), "run.py": "image = 'no'"}},
    ]
    assert images_of(manifests) == {"quay.io/a/b:1", "c.io/d:2", "e.io/f:3", "e.io/g@sha256:0"}


def test_the_list_of_a_profile_is_pinned_sorted_and_says_who_needs_what() -> None:
    items = json.loads(run("images", "lab", "-o", "json"))
    assert items == sorted(items, key=lambda one: (one["kind"], one["source"], one["target"]))
    images = [one["source"] for one in items if one["kind"] == "image"]
    assert len(images) == len(set(images)) > 30
    assert all("@sha256:" in one or ":" in one.rpartition("/")[2] for one in images)
    assert all(one["users"] for one in items)
    users = {user for one in items for user in one["users"]}
    assert {"platform", "node-prep", "prometheus", "gateway-api"} <= users


def test_a_script_copies_each_to_where_the_profile_pulls_it() -> None:
    items = inventory(layers()["all-moved"], {"platform": [f"{REGISTRY}/ghcr.io/dask/dask:1"]})
    script = copy_script("all", items, REGISTRY)
    for one in items:
        if one.kind == "image":
            assert f"image {one.source} {one.target}\n" in script or not one.movable
    assert "chart ghcr.io/traefik/helm/traefik:41.3.0" in script
    checked = subprocess.run(["sh", "-n"], input=script, text=True, capture_output=True, check=False)
    assert checked.returncode == 0, checked.stderr


def test_one_that_cannot_be_moved_says_so() -> None:
    items = inventory(layers()["envoy-moved"], {})
    fixed = [one for one in items if not one.movable]
    assert [one.source for one in fixed] == ["docker.io/kubeflow/training-operator:v1-93c5489"]
    assert Item("image", "a", "a", ("x",)).movable


@pytest.fixture(scope="module")
def charts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A stand-in for flannel's chart: what is packed is not looked into."""
    folder = tmp_path_factory.mktemp("charts")
    (folder / "flannel-v0.28.9.tgz").write_bytes(b"chart")
    return folder


def test_a_bundle_has_all_for_a_machine_without_network(charts: Path, tmp_path: Path) -> None:
    target = tmp_path / "a.tgz"
    run("bundle", "arl", "--charts", str(charts), "--to", str(target))
    with tarfile.open(target) as tar:
        tar.extractall(tmp_path / "out", filter="data")
    folder = tmp_path / "out" / "arl-bundle"
    script = (folder / "install.sh").read_text()
    for line in script.splitlines():
        if line.startswith("release '"):
            key, _, _, chart, _ = line.rpartition("' ")[2].split()
            assert (folder / "charts" / chart).exists()
            assert (folder / "values" / f"{key}.yaml").is_file()
        if line.startswith("objects '"):
            assert yaml.safe_load((folder / "objects" / f"{line.split()[-1]}.yaml").read_text())
    assert subprocess.run(["sh", "-n", folder / "install.sh"], check=False).returncode == 0
    assert "ghcr.io/flannel-io/flannel:v0.28.9" in (folder / "images.txt").read_text()
    helm = ensure("helm4", runner=SystemRunner(), progress=SilentProgress())
    argv = [str(helm), "template", "p", f"{folder}/charts/platform", "-f", f"{folder}/values/platform.yaml"]
    assert subprocess.run(argv, capture_output=True, check=True).stdout.count(b"kind: Deployment") >= 3


def test_an_archive_is_the_same_each_time() -> None:
    files = {"b.sh": b"#!/bin/sh", "a": b"1"}
    assert archive(files, "x") == archive(dict(reversed(files.items())), "x")


def test_a_missing_chart_is_named(tmp_path: Path) -> None:
    result = CliRunner().invoke(
        labhelm,
        ["--root", str(ROOT), "bundle", "arl", "--charts", str(tmp_path), "--to", str(tmp_path / "x")],
    )
    assert "flannel-v0.28.9.tgz is not there" in str(result.exception)
