"""Random valid profiles: each generates, renders, fits Kubernetes' schemas, and the API server takes it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, settings

from generator.checking import check_bytes
from generator.cluster.helm import Helm, Values
from generator.cluster.kubectl import Kubectl
from generator.cluster.manifests import Manifest, parse
from generator.cluster.preparing import ensure_namespaces
from generator.components.gpu_sharing.build import READERS
from generator.diagnostics.reporters import REPORTERS
from generator.errors import CommandError
from generator.generation import values_text
from generator.output.yaml_text import dump
from tests.cluster.platform_release import UMBRELLA
from tests.random_profiles import profiles
from tests.render.kubernetes_schemas import VERSIONS, KubernetesSchemas, make_schemas

HOOK = "helm.sh/hook"
COUNT = 300
PARTS = 4
AT_ONCE = 3


@dataclass(frozen=True)
class Sample:
    """One random profile and the files made from it."""

    name: str
    profile: str
    values: Path
    manifests: Path


@cache
def texts() -> tuple[str, ...]:
    """The same different profiles in every run, as YAML."""
    found: dict[str, None] = {}

    @settings(
        max_examples=COUNT + 20,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(profiles())
    def draw(profile: dict[str, Any]) -> None:
        found[dump(profile)] = None

    draw()
    return tuple(found)[:COUNT]


def test_there_are_enough_different_ones() -> None:
    assert len(texts()) == COUNT


@pytest.fixture(scope="module")
def schemas(tmp_path_factory: pytest.TempPathFactory) -> KubernetesSchemas:
    return make_schemas(tmp_path_factory.mktemp("schemas") / "core")


@pytest.fixture(scope="module", params=range(PARTS))
def samples(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> list[Sample]:
    """A part of them, with the values that they become."""
    folder = tmp_path_factory.mktemp("samples")
    numbered = list(enumerate(texts()))[request.param :: PARTS]
    return [_sample(folder, f"profile-{number:03}", text) for number, text in numbered]


@pytest.fixture(scope="module")
def team_namespaces(kubectl: Kubectl) -> Iterator[None]:
    """The release's own, and the GPU operator's: a dry run makes none, and no object is taken without one."""
    teams = {team["name"] for text in texts() for team in yaml.safe_load(text)["teams"]}
    names = sorted({*teams, READERS["gpu-operator"].namespace})
    wanted = [{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}} for name in names]
    ensure_namespaces(kubectl, wanted, "platform", "default")
    yield
    kubectl.delete("namespace", *names)


def _sample(folder: Path, name: str, text: str) -> Sample:
    checked = check_bytes(text.encode(), f"{name}.yaml")
    report = REPORTERS["text"](list(checked.diagnostics), {checked.file: text})
    assert checked.profile is not None, f"{report}\n{text}"
    values = folder / f"{name}.values.yaml"
    values.write_text(values_text(checked.profile))
    return Sample(name, text, values, folder / f"{name}.yaml")


def test_every_one_renders_and_the_server_takes_it(
    samples: list[Sample], schemas: KubernetesSchemas, helm4: Helm, kubectl: Kubectl, team_namespaces: None
) -> None:
    failed(samples, lambda one: _template(helm4, one))
    files = [one.manifests for one in samples]
    assert [(version, schemas.check(version, files).faults) for version in VERSIONS] == [
        (version, ()) for version in VERSIONS
    ]
    failed(samples, lambda one: _install(helm4, one))
    _all_applied(kubectl, samples)


def failed(samples: Sequence[Sample], step: Callable[[Sample], object]) -> None:
    """Take the step with every sample, some at once; fails with the samples for which it failed."""

    def fault(one: Sample) -> str:
        try:
            step(one)
        except CommandError as error:
            return f"{one.name}: {error}\n{one.profile}"
        return ""

    with ThreadPoolExecutor(AT_ONCE) as pool:
        faults = list(filter(None, pool.map(fault, samples)))
    assert not faults, f"{len(faults)} of {len(samples)}; the first:\n{faults[0]}"


def _template(helm: Helm, one: Sample) -> None:
    one.manifests.write_text(helm.template("platform", UMBRELLA, Values((one.values,))))


def _install(helm: Helm, one: Sample) -> None:
    values = Values((one.values,)).flags()
    helm.run("install", "platform", UMBRELLA, *values, "--dry-run=server", namespace="default")


def _all_applied(kubectl: Kubectl, samples: list[Sample]) -> None:
    """Admission of each object, which helm's dry run leaves out. All in one request for speed; where that is
    refused, one after the other tells which profile it was."""
    try:
        _apply(kubectl, *samples)
    except CommandError:
        failed(samples, lambda one: _apply(kubectl, one))
        raise


def _apply(kubectl: Kubectl, *samples: Sample) -> None:
    """Hooks are left out: they need what comes before them."""
    found = [item for one in samples for item in parse(one.manifests.read_text())]
    objects = [item for item in found if HOOK not in _annotations(item)]
    flags = ("--server-side", "--dry-run=server", "--validate=false")
    if objects:
        text = json.dumps({"apiVersion": "v1", "kind": "List", "items": objects})
        kubectl.run("apply", *flags, "--filename=-", stdin=text, timeout=600)


def _annotations(manifest: Manifest) -> dict[str, str]:
    return dict(manifest["metadata"].get("annotations", {}))
