"""Broken profiles and exactly what a user is told. LABHELM_UPDATE=1 writes the expected texts again."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from generator.checking import Checked, check_bytes, check_file
from generator.commands.arguments import report
from generator.rules.explain import known_codes

EXAMPLES = Path(__file__).parent.parent / "examples" / "invalid"
FILES = sorted(EXAMPLES.glob("*.yaml"))
WARNINGS_ONLY = {
    "aut101-ldap-clear-text",
    "aut105-no-admin",
    "bas101-grafana-on-nfs",
    "bas103-registry-not-everywhere",
    "bas104-storage-for-trials",
    "kub104-restricted",
    "kub105-login",
    "lab102-taint",
    "mon102-no-exporter",
    "net106-no-address",
    "net114-no-login",
    "net115-retired",
    "siz103-quota-over-cluster",
    "siz104-workloads-over-cluster",
    "y003-byte-order-mark",
}


def _check(path: Path) -> Checked:
    """Only S006 is about the file's own name; for all others it would be noise."""
    return (
        check_file(path, path.name)
        if path.stem.startswith("s006")
        else check_bytes(path.read_bytes(), path.name)
    )


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.stem))
def test_a_broken_profile_is_told_exactly(path: Path) -> None:
    checked = _check(path)
    text = report([checked])
    expected = path.with_suffix(".txt")
    if os.environ.get("LABHELM_UPDATE"):
        expected.write_text(text)
    assert text == expected.read_text()
    assert (checked.profile is None) == (path.stem not in WARNINGS_ONLY)


NAMED = [path for path in FILES if path.stem.partition("-")[0][-3:].isdigit()]
"""Files that are named after the code which they show."""


@pytest.mark.parametrize("path", NAMED, ids=lambda path: str(path.stem))
def test_the_code_in_the_file_name_is_among_the_findings(path: Path) -> None:
    code = path.stem.partition("-")[0].upper()
    assert code in known_codes()
    assert code in {one.code for one in _check(path).diagnostics}


def test_there_are_at_least_thirty() -> None:
    assert len(FILES) >= 30


def test_no_secret_is_printed() -> None:
    for path in EXAMPLES.glob("*.txt"):
        for secret in (
            "hunter2",
            "3f9a8b7c6d5e4f3a2b1c",
            "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7",
        ):
            assert secret not in path.read_text(), path.name
