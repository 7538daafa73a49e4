"""What the upgrade rules name, Kubernetes refuses, or the data stays behind: their own examples, installed.

UPG107 needs homes that a hub has made; tests/unit/upgrades has it. About 15 seconds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from generator.cluster.helm import Helm
from generator.cluster.kubectl import Kubectl
from generator.errors import CommandError
from generator.generation import umbrella_values
from generator.output.yaml_text import dump
from tests.cluster.platform_release import PlatformRelease
from tests.unit.upgrades.test_upgrade_rules import examples, profile_of

SIMULATED = "kwok-volume"
"""Class whose volumes kwok makes; a profile cannot name its provisioner."""


@pytest.fixture
def simulated_class(kubectl: Kubectl) -> Iterator[None]:
    spec: dict[str, Any] = {"provisioner": "kwok.x-k8s.io/volume", "allowVolumeExpansion": True}
    metadata = {"name": SIMULATED}
    kubectl.apply(
        dump({"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": metadata} | spec)
    )
    yield
    kubectl.delete("storageclass", SIMULATED)


@pytest.fixture
def release(helm4: Helm, namespace: str, simulated_class: None) -> PlatformRelease:
    return PlatformRelease(helm4, namespace, name=namespace)


def values(code: str, kind: str, release: PlatformRelease) -> dict[str, Any]:
    """Teams and storage of the example, with names that no other test uses."""
    text = examples(code)[kind]
    for name in ("vision", "seeing"):
        text = re.sub(rf"\b{name}\b", f"{name}-{release.name}", text)
    text = text.replace("    nfs: {type", f"    {release.name}: {{type")  # classes belong to no namespace
    built = umbrella_values(profile_of(text))
    return {"teams": built["teams"], "storage": _simulated(built["storage"])}


def _simulated(storage: dict[str, Any]) -> dict[str, Any]:
    """Claims get the class that kwok serves, which is there already."""
    if not storage.get("claims"):
        return storage
    claims = {key: {**one, "className": SIMULATED} for key, one in storage["claims"].items()}
    return {**storage, "claims": claims, "classes": {}, "defaultClass": ""}


@pytest.mark.parametrize(
    ("code", "refusal"),
    [
        ("UPG101", "is immutable after creation"),
        ("UPG102", "spec is immutable after creation"),
        ("UPG104", "can not be less than"),
        ("UPG105", "parameters: .*(immutable|forbidden)"),
    ],
)
def test_kubernetes_refuses_what_the_rule_names(
    code: str, refusal: str, release: PlatformRelease, kubectl: Kubectl
) -> None:
    release.upgrade(values(code, "Before", release), wait=False)
    if code == "UPG104":  # only a bound claim may change its size at all
        bound(kubectl, f"vision-{release.name}", "data")
    with pytest.raises(CommandError, match=refusal):
        release.upgrade(values(code, "Wrong now", release), wait=False)
    release.upgrade(values(code, "Right now", release), wait=False)


def test_a_claim_of_another_name_is_another_volume(release: PlatformRelease, kubectl: Kubectl) -> None:
    team = f"vision-{release.name}"
    release.upgrade(values("UPG103", "Before", release), wait=False)
    before = bound(kubectl, team, "data")
    release.upgrade(values("UPG103", "Wrong now", release), wait=False)
    assert bound(kubectl, team, "results") != before, "the new claim has a volume of its own"
    assert bound(kubectl, team, "data") == before, "the data is where it was"


def test_what_a_team_made_stays_in_its_old_namespace(release: PlatformRelease, kubectl: Kubectl) -> None:
    old, new = f"vision-{release.name}", f"seeing-{release.name}"
    release.upgrade(values("UPG106", "Before", release), wait=False)
    kubectl.run("create", "configmap", "work", "--namespace", old)
    release.upgrade(values("UPG106", "Wrong now", release), wait=False)
    assert kubectl.find("configmap", "work", namespace=old)
    assert kubectl.find("namespace", new)
    assert kubectl.find("configmap", "work", namespace=new) is None


def bound(kubectl: Kubectl, namespace: str, claim: str) -> str:
    """The claim's volume, once it has one."""
    kubectl.wait("pvc", claim, until="jsonpath={.status.phase}=Bound", namespace=namespace, timeout=60)
    return str(kubectl.get("pvc", claim, namespace=namespace)["spec"]["volumeName"])
