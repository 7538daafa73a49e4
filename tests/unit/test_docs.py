"""The pages are true: their YAML is valid, their links lead somewhere, their make targets exist."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.checking import check_bytes
from generator.output.yaml_text import dump
from tests.conftest import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
_BLOCK = re.compile(r"```yaml\n(.*?)```", re.DOTALL)
_LINK = re.compile(r"\]\((?!https?:)([^)#]+)")
_MAKE = re.compile(r"^\$? ?make ([a-z]+(?: [a-z]+)*)", re.MULTILINE)
BASE: dict[str, Any] = yaml.safe_load("""
name: lab
nodes:
  - {name: bonnie, address: 192.168.11.10, role: control-plane, schedulable: true, cpu: 64, memory: 128Gi}
  - {name: kitt, address: 192.168.11.11, cpu: 64, memory: 124Gi, gpus: {product: T4, count: 4}}
teams: [{name: vision}]
storage:
  volumes:
    arl-data: {size: 1Gi, nfs: {server: bonnie, path: /d}, claim: {team: vision, name: data}}
""")
"""What the snippets of the how-tos are part of."""


def _snippets() -> list[tuple[str, str]]:
    """Hand-written snippets; those of the generated reference are tested with the rules."""
    pages = [page for page in PAGES if "reference" not in page.parts]
    return [(page.name, block) for page in pages for block in _BLOCK.findall(page.read_text())]


@pytest.mark.parametrize(("page", "text"), _snippets())
def test_a_snippet_fits_into_a_profile(page: str, text: str) -> None:
    snippet = yaml.safe_load(text)
    assert isinstance(snippet, dict), page
    checked = check_bytes(dump({**BASE, **snippet}).encode(), page)
    assert not checked.errors, [one.message for one in checked.errors]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for link in _LINK.findall(page.read_text()):
        assert (page.parent / link).exists(), f"{page.name}: {link}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_make_targets_exist(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE))
    used = {word for line in _MAKE.findall(page.read_text()) for word in line.split()}
    assert used <= targets, used - targets


def test_the_profile_of_the_tutorial_is_the_one_that_is_shipped() -> None:
    block = _BLOCK.search((ROOT / "docs" / "tutorial" / "arl.md").read_text())
    assert block
    assert yaml.safe_load(block[1]) == yaml.safe_load((ROOT / "profiles" / "arl.yaml").read_text())


def _rows() -> list[tuple[str, str]]:
    """(requirement, test) of each row of seeds.md."""
    rows = []
    for line in (ROOT / "docs" / "seeds.md").read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 4 and re.fullmatch(r"[RPTAF]\d+", cells[0]):
            rows += [(cells[0], test) for test in re.findall(r"`(tests/[^`]+)`", cells[3])] or [
                (cells[0], "")
            ]
    return rows


STEPS = {"R": 15, "P": 28, "T": 16, "A": 14, "F": 20}
"""Steps of each guide, numbered from 1."""


def test_every_step_of_every_guide_has_a_row() -> None:
    wanted = [f"{guide}{number}" for guide, count in STEPS.items() for number in range(1, count + 1)]
    assert list(dict.fromkeys(requirement for requirement, _ in _rows())) == wanted


@pytest.mark.parametrize(("requirement", "test"), _rows())
def test_a_requirement_names_a_test_that_exists(requirement: str, test: str) -> None:
    path, _, name = test.partition("::")
    assert name, f"{requirement} names no test"
    assert re.search(rf"^    def {name}\(|^def {name}\(", (ROOT / path).read_text(), re.MULTILINE), test
