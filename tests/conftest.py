"""What all tests share: where the project is, and that a skip is a failure where nothing may be missing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"

NO_SKIP = "LABHELM_NO_SKIP"
"""Set where root and ../shared are there: then a skipped test fails the run."""


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's folder."""
    return ROOT


@pytest.fixture(scope="session")
def upstream() -> Path:
    """Data files of the upstream charts."""
    folder = SHARED / "upstream"
    if not folder.is_dir():
        pytest.skip("needs ../shared/upstream: CRDs, schemas and default values of the upstream charts")
    return folder


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Turn skips into a failure where every test can run."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get(NO_SKIP) and reporter and reporter.stats.get("skipped") and exitstatus == 0:
        reporter.write_line(f"{NO_SKIP} is set, and tests were skipped: that is a failure here", red=True)
        session.exitstatus = 1
