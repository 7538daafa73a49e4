"""Each upgrade rule says what its text says, and nothing of a profile that stays as it is."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from generator.checking import check_bytes
from generator.diagnostics import Diagnostic
from generator.generation import umbrella_values, values_text
from generator.profile.model import Profile
from generator.rules.explain import explanation
from generator.upgrades import UPGRADE_RULES, upgrade_diagnostics
from tests.conftest import ROOT

_BLOCK = re.compile(r"## (?P<kind>Before|Wrong now|Right now)\n\n```yaml\n(?P<yaml>.*?\n)```", re.DOTALL)
CODES = [rule.code for rule in UPGRADE_RULES]


def examples(code: str) -> dict[str, str]:
    """The profiles of a rule's text, by heading."""
    found = {match["kind"]: match["yaml"] for match in _BLOCK.finditer(explanation(code))}
    assert len(found) == 3, code
    return found


def profile_of(text: str) -> Profile:
    """The profile, which must be without fault."""
    checked = check_bytes(text.encode(), "lab.yaml")
    assert checked.profile is not None, checked.diagnostics
    return checked.profile


def found(before: str, now: str) -> list[Diagnostic]:
    """What is said when the profile goes from one text to the other."""
    old: dict[str, Any] = yaml.safe_load(values_text(profile_of(before)))
    profile = profile_of(now)
    return list(upgrade_diagnostics(old, umbrella_values(profile), profile, "lab.yaml", now))


@pytest.mark.parametrize("code", CODES)
def test_the_wrong_change_gives_the_code_and_nothing_else(code: str) -> None:
    texts = examples(code)
    diagnostics = found(texts["Before"], texts["Wrong now"])
    assert {one.code for one in diagnostics} == {code}
    for one in diagnostics:
        assert one.hint
        assert one.span.line > 1
        assert re.match("storage|teams|jupyterhub", one.path)


@pytest.mark.parametrize("code", CODES)
def test_the_right_change_is_without_fault(code: str) -> None:
    texts = examples(code)
    assert found(texts["Before"], texts["Right now"]) == []


def test_every_rule_has_a_code_and_a_module_of_its_own() -> None:
    assert len(set(CODES)) == len(CODES)
    assert len({rule.check.__module__ for rule in UPGRADE_RULES}) == len(CODES)


@pytest.mark.parametrize("path", sorted((ROOT / "profiles").glob("*.yaml")), ids=lambda path: str(path.stem))
def test_a_profile_that_stays_as_it_is(path: Any) -> None:
    text = path.read_text()
    assert found(text, text) == []


VOLUMES = """\
name: lab
nodes:
  - {name: bonnie, address: 192.168.11.10, role: control-plane, schedulable: true, cpu: 8, memory: 32Gi}
  - {name: kitt, cpu: 8, memory: 32Gi}
teams: [{name: vision}, {name: audio}]
storage:
  classes: {fast: {type: csi, provisioner: d.example.org, expandable: false}}
  volumes:
    data: {size: 100Gi, nfs: {server: bonnie, path: /data}, claim: {team: vision, name: data}}
    disk: {size: 100Gi, local: {node: kitt, path: /mnt}, claim: {team: vision, name: disk}}
    runs: {size: 10Gi, class: fast, claim: {team: vision, name: runs}}
"""


@pytest.mark.parametrize(
    ("old", "new", "code", "words"),
    [
        ("192.168.11.10,", "192.168.11.99,", "UPG101", "nfs 192.168.11.10, /data before"),
        ("node: kitt", "node: bonnie", "UPG101", "on kitt before"),
        ("size: 100Gi, nfs", "size: 200Gi, nfs", "UPG104", "static volume cannot grow"),
        ("size: 10Gi", "size: 20Gi", "UPG104", "class fast cannot grow"),
        ("size: 10Gi", "size: 5Gi", "UPG104", "no claim can shrink"),
        ("size: 10Gi, class: fast", "size: 10Gi, nfs: {server: bonnie, path: /r}", "UPG102", "from fast to"),
        ("{team: vision, name: runs}", "{team: audio, name: runs}", "UPG103", "it is vision/runs"),
        ("provisioner: d.", "provisioner: e.", "UPG105", "its provisioner"),
    ],
)
def test_changes(old: str, new: str, code: str, words: str) -> None:
    diagnostics = found(VOLUMES, VOLUMES.replace(old, new))
    assert code in {one.code for one in diagnostics}
    assert any(words in one.message for one in diagnostics), [one.message for one in diagnostics]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    disk:", "    renamed:"),  # the claim is the same, so is the volume
        ("claim: {team: vision, name: data}}", "reclaimPolicy: Delete, claim: {team: vision, name: data}}"),
        ("    disk: {size: 100Gi, local: {node: kitt, path: /mnt}, claim: {team: vision, name: disk}}\n", ""),
        ("size: 100Gi, nfs", "size: 102400Mi, nfs"),
    ],
    ids=["another key", "reclaim policy", "left out, and kept", "the same size in other words"],
)
def test_what_kubernetes_takes_is_not_named(old: str, new: str) -> None:
    assert old in VOLUMES
    assert found(VOLUMES, VOLUMES.replace(old, new)) == []


def test_the_hint_for_a_static_volume_that_grows_is_right() -> None:
    (one,) = found(VOLUMES, grown := VOLUMES.replace("size: 100Gi, nfs", "size: 200Gi, nfs"))
    assert found(VOLUMES, grown + one.hint.splitlines()[-1].strip() + "\n") == []
