"""The Makefile: what `make` alone says, and the variables of the ARL's own Makefile (A7)."""

from __future__ import annotations

import subprocess

from tests.conftest import ROOT


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    """make, without running anything."""
    return subprocess.run(["make", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)


def test_make_alone_prints_help_for_every_target() -> None:
    text = make().stdout
    for target in ("gen", "demo", "test", "lint", "bench", "deploy", "delete"):
        assert f"make {target} " in text
    assert max(map(len, text.splitlines())) <= 100


def test_the_variables_of_the_arl_reach_helm() -> None:
    text = make(
        "-n", "deploy", "WORKER_REPLICAS=10", "WORKER_CPU=1000m", "WORKER_MEM=4098Mi",
        "DOCKER_REPO=registry.example.org/arl/", "DOCKER_IMAGE=arl_img:1.10", "CONTEXT=lab",
    ).stdout  # fmt: skip
    assert "up arl --context lab" in text
    for part in (
        "--set dask.worker.replicas=10",
        "--set dask.worker.resources.limits.cpu=1000m",
        "--set dask.worker.resources.limits.memory=4098Mi",
        "--set dask.image.repository=registry.example.org/arl/arl_img",
        "--set-string dask.image.tag=1.10",
        "--set dask.notebook.image.repository=registry.example.org/arl/arl_img",
    ):
        assert part in text


def test_an_image_without_repository_is_taken_from_the_nodes() -> None:
    assert (
        "--set dask.image.repository=arl_img "
        in make("-n", "deploy", "DOCKER_REPO=", "DOCKER_IMAGE=arl_img:v1").stdout
    )


def test_an_image_needs_a_tag() -> None:
    done = make("-n", "deploy", "DOCKER_IMAGE=arl_img")
    assert done.returncode != 0
    assert "DOCKER_IMAGE needs a tag" in done.stderr


def test_without_a_context_only_a_cluster_of_its_own_is_touched() -> None:
    assert "--local" in make("-n", "deploy").stdout
    assert "--local" in make("-n", "delete").stdout
