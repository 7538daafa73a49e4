"""Compiled templates are kept like Python's own bytecode, and never matter but for time."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.output.render import environment

TEMPLATE = "common.tpl.j2"


@pytest.fixture(autouse=True)
def bytecode(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    environment.cache_clear()
    yield tmp_path
    environment.cache_clear()


def _load() -> None:
    environment.cache_clear()
    environment().get_template(TEMPLATE)


def _kept(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_template_is_compiled_once(bytecode: Path) -> None:
    _load()
    [kept] = _kept(bytecode)
    written = kept.stat().st_mtime_ns
    _load()
    assert [(path, path.stat().st_mtime_ns) for path in _kept(bytecode)] == [(kept, written)]


@pytest.mark.parametrize("damage", [b"", b"j2", b"\0" * 200])
def test_damaged_bytecode_is_replaced(bytecode: Path, damage: bytes) -> None:
    _load()
    [kept] = _kept(bytecode)
    sound = kept.read_bytes()
    kept.write_bytes(damage)
    _load()
    assert kept.read_bytes() == sound


def test_nothing_is_kept_where_python_keeps_no_bytecode(
    bytecode: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    _load()
    assert _kept(bytecode) == []


def test_a_folder_that_cannot_be_made_is_no_fault(bytecode: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (bytecode / "file").write_text("")
    monkeypatch.setattr(sys, "pycache_prefix", str(bytecode / "file"))
    _load()
