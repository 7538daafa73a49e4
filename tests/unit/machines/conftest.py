"""Profiles of these tests, and what they become."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from generator.machines.cluster import Site, site_of
from generator.machines.files import machines_files
from generator.profile.model import Profile

HERE = Path(__file__).parent
NAMES = ("kubeadm", "rke2", "k3s")


def profile_of(name: str) -> Profile:
    return Profile.model_validate(yaml.safe_load((HERE / "profiles" / f"{name}.yaml").read_text()))


@pytest.fixture
def site() -> Callable[[str], Site]:
    def made(name: str) -> Site:
        found = site_of(profile_of(name))
        assert found is not None
        return found

    return made


@pytest.fixture(scope="session")
def files() -> dict[str, dict[str, str]]:
    """By profile: path below values/<name>/machines/ to text."""
    out = {}
    for name in NAMES:
        made = machines_files(profile_of(name))
        out[name] = {path.removeprefix(f"values/{name}/machines/"): text for path, text in made.items()}
    return out
