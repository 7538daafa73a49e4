"""Fixtures of the tests on real machines, and their logs when one fails."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from generator.cluster.runner import SystemRunner
from tests.machines.bed import Bed, host

HERE = Path(__file__).parent


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "machines: boots real machines; needs root (see tests/machines)")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder, and skip them all where no machine can be booted."""
    ours = [item for item in items if item.path.is_relative_to(HERE)]
    reason = host.missing(SystemRunner()) if ours else ""
    for item in ours:
        item.add_marker(pytest.mark.machines)
        if reason:
            item.add_marker(pytest.mark.skip(reason=reason))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Keep the logs of every open bed's machines when a test or its preparation failed."""
    report = yield
    if report.failed and report.when in {"setup", "call"} and Bed.open_beds:
        name = re.sub(r"[^\w.-]+", "-", item.name)
        folder = Path(tempfile.mkdtemp(prefix=f"labhelm-machines-{name}-"))
        for bed in Bed.open_beds:
            bed.collect_logs(folder)
        report.sections.append(("logs of the machines", f"{folder}"))
    return report


@pytest.fixture
def bed() -> Iterator[Bed]:
    """A bed without machines, closed after the test."""
    with Bed() as opened:
        yield opened
