"""Variations of the shipped lab profile: other names, sizes, volumes and teams, all of them valid."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import yaml

SIZES = ((8, 32), (16, 64), (32, 128), (48, 192), (64, 256), (96, 384))
"""CPUs and memory in GiB of machines."""


def write_variations(lab: Path, folder: Path, count: int) -> None:
    """Write `count` profiles as block YAML, as people write it, named after their files."""
    base = yaml.safe_load(lab.read_text())
    for number in range(count):
        profile = variation(base, number)
        text = yaml.safe_dump(profile, sort_keys=False)
        (folder / f"{profile['name']}.yaml").write_text(text)


def variation(base: dict[str, Any], number: int) -> dict[str, Any]:
    """The profile of that number; the same each time."""
    profile = copy.deepcopy(base)
    profile["name"] = f"lab-{number:04}"
    _add_nodes(profile, number)
    _add_teams(profile, number)
    _add_volumes(profile, number)
    profile["dask"]["workers"]["replicas"] = number % 5
    return profile


def _add_nodes(profile: dict[str, Any], number: int) -> None:
    for extra in range(number % 6):
        cpu, memory = SIZES[(number + extra) % len(SIZES)]
        name = f"node-{number:04}-{extra}"
        profile["nodes"].append(
            {"name": name, "address": f"192.168.11.{20 + extra}", "cpu": cpu, "memory": f"{memory}Gi"}
        )


def _add_teams(profile: dict[str, Any], number: int) -> None:
    for extra in range(number % 4):
        quota = {"cpu": 4 + number % 13, "memory": f"{16 + number % 17}Gi"}
        profile["teams"].append({"name": f"team-{number:04}-{extra}", "quota": quota})


def _add_volumes(profile: dict[str, Any], number: int) -> None:
    volumes = profile["storage"]["volumes"]
    teams = [team["name"] for team in profile["teams"]]
    for extra in range(number % 5):
        name = f"data-{number:04}-{extra}"
        volumes[name] = {
            "size": f"{10 + number % 90}Gi",
            "access": "ReadWriteMany",
            "nfs": {"server": "bonnie", "path": f"/data/{extra}"},
            "claim": {"team": teams[extra % len(teams)], "name": name},
        }
