"""An installation made by hand, as an old guide has it, becomes a release's own: same objects, same data."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from click.testing import CliRunner, Result

from generator.adoption.verdicts import owner_of
from generator.cli import labhelm
from generator.cluster.helm import Helm
from generator.cluster.kubectl import Kubectl
from generator.commands import adopt
from generator.commands.target import Tools
from generator.generation import umbrella_values
from generator.output.yaml_text import dump
from generator.toolchain import SilentProgress
from tests.cluster.live_objects import eventually
from tests.cluster.platform_release import PlatformRelease
from tests.cluster.test_life import profile_of
from tests.conftest import ROOT

TEAM = "formerly"
VOLUME, CLAIM = "pv-db", "riseml-db-claim"
PROFILE: dict[str, Any] = {
    "name": "adopted",
    "nodes": [{"name": "box", "role": "control-plane", "cpu": 8, "memory": "32Gi"}],
    "teams": [{"name": TEAM}],
    "storage": {
        "volumes": {
            "db": {
                "size": "10Gi",
                "access": "ReadWriteOnce",
                "nfs": {"server": "box", "path": "/db"},
                "claim": {"team": TEAM, "name": CLAIM},
            }
        }
    },
}
BY_HAND: list[dict[str, Any]] = [
    {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": TEAM, "labels": {"owner": "hand"}}},
    {
        "apiVersion": "v1",
        "kind": "PersistentVolume",
        "metadata": {"name": VOLUME},
        "spec": {
            "capacity": {"storage": "10Gi"},
            "accessModes": ["ReadWriteOnce"],
            "persistentVolumeReclaimPolicy": "Delete",
            "claimRef": {"namespace": TEAM, "name": CLAIM},
            "nfs": {"server": "box", "path": "/db"},
        },
    },
    {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": CLAIM, "namespace": TEAM},
        "spec": {
            "accessModes": ["ReadWriteOnce"],
            "storageClassName": "",
            "resources": {"requests": {"storage": "10Gi"}},
        },
    },
]


@dataclass(frozen=True)
class Terminal:
    """`labhelm adopt`, talking to the cluster of the tests."""

    folder: Any
    namespace: str

    def adopt(self, profile: dict[str, Any], *options: str) -> Result:
        (self.folder / "adopted.yaml").write_text(dump(profile))
        words = [
            "adopt",
            str(self.folder / "adopted.yaml"),
            "--context=tests",
            f"--namespace={self.namespace}",
        ]
        return CliRunner().invoke(labhelm, ["--root", str(ROOT), *words, *options])


@pytest.fixture
def terminal(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any, kubectl: Kubectl, helm4: Helm, namespace: str
) -> Terminal:
    tools = Tools(kubectl, helm4, SilentProgress())
    monkeypatch.setattr(adopt, "tools_for", lambda *_: tools)
    return Terminal(tmp_path, namespace)


@pytest.fixture
def by_hand(kubectl: Kubectl) -> Iterator[dict[str, str]]:
    """The old installation: uids by kind."""
    kubectl.apply(json.dumps({"apiVersion": "v1", "kind": "List", "items": BY_HAND}))

    def bound() -> None:
        claim = kubectl.get("pvc", CLAIM, namespace=TEAM)
        assert claim["status"].get("phase") == "Bound"

    eventually(bound)
    yield uids(kubectl)
    kubectl.delete("namespace", TEAM)
    kubectl.delete("pv", VOLUME)


def uids(kubectl: Kubectl) -> dict[str, str]:
    found = (
        kubectl.get(one["kind"], one["metadata"]["name"], namespace=one["metadata"].get("namespace", ""))
        for one in BY_HAND
    )
    return {one["kind"]: one["metadata"]["uid"] for one in found}


def adopted_profile() -> dict[str, Any]:
    volume = {**PROFILE["storage"]["volumes"]["db"], "persistentVolume": VOLUME}
    return {**PROFILE, "storage": {"volumes": {"db": volume}}}


def test_what_was_made_by_hand_becomes_the_releases_own(
    terminal: Terminal, by_hand: dict[str, str], kubectl: Kubectl, helm4: Helm
) -> None:
    other_name = terminal.adopt(PROFILE)
    assert other_name.exit_code == 1, other_name.output
    assert f"write `persistentVolume: {VOLUME}` in that volume of the profile" in other_name.output

    told = terminal.adopt(adopted_profile())
    assert told.exit_code == 0, told.output
    assert f"PersistentVolume {VOLUME}: adopt" in told.output
    assert "spec.persistentVolumeReclaimPolicy: Delete -> Retain" in told.output
    assert "Nothing was changed" in told.output
    assert owner_of(kubectl.get("namespace", TEAM)) is None

    done = terminal.adopt(adopted_profile(), "--apply")
    assert done.exit_code == 0, done.output
    assert "belong to release platform" in done.output
    assert "is ours already" in terminal.adopt(adopted_profile()).output

    release = PlatformRelease(helm4, terminal.namespace)
    release.upgrade(umbrella_values(profile_of(adopted_profile())), wait=False)
    assert uids(kubectl) == by_hand
    assert kubectl.get("namespace", TEAM)["metadata"]["labels"]["owner"] == "hand"
    claim = kubectl.get("pvc", CLAIM, namespace=TEAM)
    assert (claim["spec"]["volumeName"], claim["status"]["phase"]) == (VOLUME, "Bound")
    release.uninstall()
    assert uids(kubectl)["PersistentVolumeClaim"] == by_hand["PersistentVolumeClaim"]


def test_what_kubernetes_would_refuse_and_what_others_own_is_told(
    terminal: Terminal, by_hand: dict[str, str], kubectl: Kubectl
) -> None:
    kubectl.run(
        "annotate", "namespace", TEAM, "meta.helm.sh/release-name=old", "meta.helm.sh/release-namespace=x"
    )
    moved = adopted_profile()
    moved["storage"]["volumes"]["db"]["nfs"] = {"server": "box", "path": "/elsewhere"}
    refused = terminal.adopt(moved, "--apply")
    assert refused.exit_code == 1
    assert "it belongs to release old in x" in refused.output
    assert "Kubernetes refuses ours" in refused.output
    assert "is immutable after creation" in refused.output
    assert owner_of(kubectl.get("pv", VOLUME)) is None
