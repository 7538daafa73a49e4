"""A profile in an editor: a real YAML language server completes, explains and checks it, offline."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.unit.language_server import LanguageServer, install, running

PROFILE = """\
# yaml-language-server: $schema=../schemas/profile.schema.json
name: box
nodes: [{name: box, cpu: 8, memory: 32Gi}]
dask:
  workers:
    replicas: 2
    memory: 4Gi
"""
REPLICAS = (5, 6)
"""Line and character of the word `replicas`, counted from 0."""


@pytest.fixture(scope="module")
def server(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LanguageServer]:
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            pytest.skip(f"needs {program}, which the YAML language server runs on")
    with running(install(), root) as started:
        yield started


def _uri(root: Path, name: str) -> str:
    """A document that an editor has open beside the shipped profiles; it need not be on the disk."""
    return (root / "profiles" / f"{name}.yaml").as_uri()


def _labels(completion: Any) -> set[str]:
    items = completion["items"] if isinstance(completion, dict) else completion
    return {item["label"] for item in items}


def test_a_sound_profile_has_no_diagnostics(server: LanguageServer, root: Path) -> None:
    assert server.open(_uri(root, "sound"), PROFILE) == []


@pytest.mark.parametrize("name", ["arl", "lab", "minimal"])
def test_a_shipped_profile_has_no_diagnostics(server: LanguageServer, root: Path, name: str) -> None:
    assert server.open(_uri(root, name), (root / "profiles" / f"{name}.yaml").read_text()) == []


def test_keys_are_completed(server: LanguageServer, root: Path) -> None:
    uri, text = _uri(root, "typing"), "\n".join(PROFILE.splitlines()[:4]) + "\n  \n"
    server.open(uri, text)
    labels = _labels(server.at("textDocument/completion", uri, 4, 2))
    assert {"workers", "team", "notebook", "volumes"} <= labels
    assert "teams" not in labels


def test_values_of_a_choice_are_completed(server: LanguageServer, root: Path) -> None:
    uri, text = _uri(root, "choice"), PROFILE + "  service: \n"
    server.open(uri, text)
    labels = _labels(server.at("textDocument/completion", uri, 7, 11))
    assert {"ClusterIP", "NodePort", "LoadBalancer"} <= labels


def test_hover_shows_meaning_unit_and_example(server: LanguageServer, root: Path) -> None:
    uri = _uri(root, "hover")
    server.open(uri, PROFILE)
    text = server.at("textDocument/hover", uri, *REPLICAS)["contents"]["value"]
    for part in ("Number of workers.", "Unit: pods", "Example: `2`"):
        assert part in text


def test_a_typo_is_marked_where_it_stands(server: LanguageServer, root: Path) -> None:
    [found] = server.open(_uri(root, "typo"), PROFILE.replace("replicas", "replcas"))
    assert "replcas" in found["message"]
    assert found["range"]["start"]["line"] == REPLICAS[0]


def test_a_wrong_kind_of_value_is_marked(server: LanguageServer, root: Path) -> None:
    [found] = server.open(_uri(root, "kind"), PROFILE.replace("replicas: 2", 'replicas: "two"'))
    assert found["range"]["start"]["line"] == REPLICAS[0]
