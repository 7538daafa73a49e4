"""The contract of a rule: look at a whole profile, yield what is wrong, never raise or stop early."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.diagnostics import Severity

if TYPE_CHECKING:
    from generator.profile.model import Profile

Path = tuple[str | int, ...]
"""Where in the profile, in the words of the file: ("nodes", 1, "address")."""


@dataclass(frozen=True)
class Finding:
    """One fault; the reporter adds code, file and position. `on_key` points at the key, not its value."""

    path: Path
    message: str
    hint: str = ""
    on_key: bool = False
    related: tuple[tuple[Path, str], ...] = ()


@dataclass(frozen=True)
class Names:
    """Every name that the file defines, also of things whose own content is faulty."""

    nodes: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    volumes: tuple[str, ...] = ()
    gpu_configs: tuple[str, ...] = ()
    node_groups: tuple[str, ...] = ()


Check = Callable[["Profile", Names], Iterator[Finding]]


@dataclass(frozen=True)
class Rule:
    """A row of RULES.

    `needs` are the sections that must be free of structural faults for the rule to be worth running.
    The text of `labhelm explain CODE` is the .md file beside the module of `check`.
    """

    code: str
    check: Check
    needs: tuple[str, ...] = ()
    severity: Severity = Severity.ERROR
