"""Makes the agent importable as the package it is on a node, and brings fake machines."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

HERE = Path(__file__).parent
AGENT_HOME = HERE.parents[2] / "charts" / "node-prep"
for folder in (AGENT_HOME, HERE):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

from agent_bed import FakeMachine  # noqa: E402

Machine = Callable[[str], FakeMachine]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return lambda name: FakeMachine.make(name, tmp_path / name)
