"""`labhelm render` and kubectl alone: a platform without Helm in the cluster."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from generator.cluster.kubectl import Kubectl
from generator.cluster.manifests import Manifest, parse
from tests.cluster.command_line import CommandLine, make_command_line

TEAM = "arl"


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    return make_command_line(tmp_path_factory.mktemp("render"))


@pytest.fixture
def rendered(line: CommandLine, kubectl: Kubectl) -> Iterator[str]:
    text = line.run("render", "arl").stdout
    yield text
    volumes = [one["metadata"]["name"] for one in parse(text) if one["kind"] == "PersistentVolume"]
    kubectl.delete("namespace", TEAM)
    kubectl.delete("persistentvolume", *volumes)


def test_rendered_twice_is_the_same(line: CommandLine) -> None:
    first = line.run("render", "arl")
    assert first.stdout == line.run("render", "arl").stdout
    assert first.stdout.startswith("---\n")


def test_rendered_manifests_are_applied_whole(rendered: str, kubectl: Kubectl) -> None:
    applied = kubectl.apply(rendered)
    manifests = parse(rendered)
    assert [_word(line) for line in applied.splitlines()] == ["created"] * len(manifests)
    for one in manifests:
        assert _find(kubectl, one) is not None, one["metadata"]["name"]
    for deployment in ("scheduler", "notebook", "worker"):
        name = f"platform-dask-{deployment}"
        kubectl.wait("deployment", name, until="condition=Available", namespace=TEAM)
    kubectl.wait("pvc", "arl-data", until="jsonpath={.status.phase}=Bound", namespace=TEAM)

    before = [_version(kubectl, one) for one in manifests]
    said = [line for line in kubectl.apply(rendered).splitlines() if not line.endswith(" unchanged")]
    # kubectl sends what the API server drops as the default: storageClassName "" of a volume.
    assert said == ["persistentvolume/arl.arl-data configured"]
    assert [_version(kubectl, one) for one in manifests] == before


def test_no_hooks_are_rendered(rendered: str) -> None:
    hooks = [one for one in parse(rendered) if "helm.sh/hook" in one["metadata"].get("annotations", {})]
    assert hooks == []


def _find(kubectl: Kubectl, one: Manifest) -> Manifest | None:
    metadata = one["metadata"]
    return kubectl.find(one["kind"], metadata["name"], namespace=metadata.get("namespace", ""))


def _version(kubectl: Kubectl, one: Manifest) -> str:
    """Grows with every change that the API server stores."""
    found = _find(kubectl, one)
    assert found is not None
    return str(found["metadata"]["resourceVersion"])


def _word(line: str) -> str:
    return line.rsplit(" ", 1)[-1]
