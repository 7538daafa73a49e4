"""Makes the agent importable as the package it is on a node, and brings fake machines."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

AGENT_HOME = Path(__file__).parents[3] / "charts" / "node-prep"
sys.path.insert(0, str(AGENT_HOME))

from tests.unit.agent.bed import FakeMachine, Machine  # noqa: E402 - it imports the agent


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A fresh copy of a folder of rootfs/ by its name."""
    return lambda name: FakeMachine.make(name, tmp_path / name)
