"""Configs, hosts, exports, firewall and guide, byte for byte; UPDATE_GOLDEN=1 writes them anew."""

from __future__ import annotations

import os

import pytest

from generator.output.plan import is_marked
from tests.unit.machines.conftest import HERE, NAMES, profile_of

GOLDEN = HERE / "golden"


@pytest.mark.parametrize("name", NAMES)
def test_files_are_as_they_were(name: str, files: dict[str, dict[str, str]]) -> None:
    folder = GOLDEN / name
    made = {path: text for path, text in files[name].items() if not path.endswith(".sh")}
    if os.environ.get("UPDATE_GOLDEN"):
        for path, text in made.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text)
    there = {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}
    assert made == there


@pytest.mark.parametrize("name", NAMES)
def test_every_file_carries_the_mark_and_is_the_same_each_time(
    name: str, files: dict[str, dict[str, str]]
) -> None:
    from generator.machines.archive import agent_archive
    from generator.machines.files import machines_files

    assert all(is_marked(text.encode()) for text in files[name].values())
    agent_archive.cache_clear()
    assert list(machines_files(profile_of(name)).values()) == list(files[name].values())


def test_a_new_node_is_a_new_line_for_each_exported_directory() -> None:
    from generator.machines.files import machines_files
    from generator.profile.nodes import Node

    profile = profile_of("kubeadm")
    more = profile.model_copy(
        update={"nodes": [*profile.nodes, Node(name="x", address="192.168.11.5", cpu="4", memory="8Gi")]}
    )
    path = "values/kubeadm/machines/a/exports"
    old, new = (set(machines_files(one)[path].splitlines()) for one in (profile, more))
    assert old < new
    assert sorted(line.split()[-1] for line in new - old) == ["x", "x"]
