"""The texts behind the codes: the .md beside each rule, also of upgrades, and those of the loader."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from generator.rules import RULES

_HEADING = re.compile(r"# (?P<code>[A-Z]+\d+): (?P<title>.+)")
_HERE = Path(__file__).parent
_FOLDERS = (_HERE, _HERE.parent / "diagnostics" / "codes", _HERE.parent / "upgrades")


@cache
def _texts() -> dict[str, tuple[str, str]]:
    """Code -> (title, text), from the first line of every .md."""
    found = {}
    for path in sorted(path for folder in _FOLDERS for path in folder.glob("*.md")):
        text = path.read_text()
        heading = _HEADING.match(text)
        assert heading, f"{path.name} must start with '# CODE: title'"
        found[heading["code"]] = (heading["title"], text)
    assert {rule.code for rule in RULES} <= found.keys(), "each rule has its .md"
    return dict(sorted(found.items()))


def known_codes() -> dict[str, str]:
    """All codes and their titles."""
    return {code: title for code, (title, _) in _texts().items()}


def explanation(code: str) -> str:
    """The text of a code. Raises KeyError for an unknown one."""
    return _texts()[code][1]
