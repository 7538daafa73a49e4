"""The tables of `make bench`, 80 columns wide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.table import Table

from tests.bench.measure import Cost, spread

CONSOLE = Console(width=80, highlight=False)


def costs_table(title: str, costs: Mapping[str, Sequence[Cost]], *, against: str = "", per: int = 1) -> None:
    """A row for each contestant, in milliseconds (each of `per` things); x: CPU beside that of `against`."""
    table = Table(title=title, title_justify="left", width=80, box=None, pad_edge=False)
    table.add_column("", ratio=1)
    for name in ("wall ms", "CPU ms"):
        table.add_column(f"{name}\nmin median max", justify="right", no_wrap=True)
    table.add_column("CPU\nx" if against else "", justify="right", no_wrap=True)
    base = _cpu(costs[against]) if against else 0.0
    for name, runs in costs.items():
        ratio = f"{_cpu(runs) / base:.2f}" if base else ""
        table.add_row(name, _three([r.wall for r in runs], per), _three([r.cpu for r in runs], per), ratio)
    CONSOLE.print(table)
    CONSOLE.print()


def ratio_line(text: str, costs: Mapping[str, Sequence[Cost]], ours: str, theirs: str) -> None:
    """One line with how the CPU times of two contestants compare."""
    least = min(run.cpu for run in costs[ours]) / min(run.cpu for run in costs[theirs])
    CONSOLE.print(
        f"{text}: {_cpu(costs[ours]) / _cpu(costs[theirs]):.2f}x of the median, {least:.2f}x of the min"
    )


def _cpu(runs: Sequence[Cost]) -> float:
    return spread([run.cpu for run in runs]).middle


def _three(seconds: Sequence[float], per: int) -> str:
    found = spread([1000 * value / per for value in seconds])
    digits = 0 if per == 1 else 1
    return " ".join(f"{value:6.{digits}f}" for value in (found.least, found.middle, found.greatest))
