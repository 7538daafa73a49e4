"""What came up, as a table of at most 80 columns, and where to look."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from generator.cluster.kubectl import Kubectl
from generator.cluster.manifests import SecretNeed
from generator.cluster.readiness import claims, workloads

if TYPE_CHECKING:
    from rich.table import Table


def show(kubectl: Kubectl, release: str) -> None:
    """Print the release's workloads and claims."""
    from rich.console import Console

    console = Console(highlight=False)
    for table in (_workload_table(kubectl, release), _claim_table(kubectl, release)):
        if table.row_count:
            console.print(table)


def _workload_table(kubectl: Kubectl, release: str) -> Table:
    table = _table("namespace", "workload", "ready")
    for one in workloads(kubectl, release):
        table.add_row(one.namespace, f"{one.kind.lower()}/{one.name}", f"{one.ready}/{one.wanted}")
    return table


def _claim_table(kubectl: Kubectl, release: str) -> Table:
    table = _table("namespace", "claim", "state", "volume")
    for one in claims(kubectl, release):
        table.add_row(one.namespace, one.name, one.phase, one.volume)
    return table


def _table(*columns: str) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, title_justify="left")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def secret_lines(missing: Sequence[SecretNeed]) -> list[str]:
    """For each Secret that pods wait for, the command that makes it."""
    return [line for need in missing for line in _secret_lines(need)]


def _secret_lines(need: SecretNeed) -> list[str]:
    head = f"Secret {need.namespace}/{need.name} is missing; make it with:"
    if need.key:
        make = f"kubectl -n {need.namespace} create secret generic {need.name} --from-file={need.key}=FILE"
    else:
        make = f"kubectl -n {need.namespace} create secret docker-registry {need.name} --docker-server=..."
    return [head, f"  {make}"]
