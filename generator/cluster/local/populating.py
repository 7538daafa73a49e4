"""Simulated nodes, brought into a running cluster a thousand at a time."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from generator.cluster.kubectl import Kubectl
from generator.cluster.local.nodes import SimNode, manifests

# One kubectl sends at most 50 requests a second; four keep two cores busy.
WORKERS, CHUNK = 4, 250


def create_nodes(kubectl: Kubectl, nodes: Sequence[SimNode], version: str, timeout: float) -> None:
    """Create the Node objects; `timeout` is in seconds. Raises CommandError."""

    def create(manifest: str) -> None:
        # Made by us, so that kubectl need not load the schema of the whole API to check it.
        kubectl.run("create", "--validate=false", "-f", "-", stdin=manifest, timeout=timeout)

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(create, manifests(nodes, version, CHUNK)))


def ready_nodes(kubectl: Kubectl) -> int:
    """How many nodes are Ready. Asks for the table that people see, which costs far less than the objects."""
    rows = kubectl.run("get", "nodes", "--no-headers", check=False, timeout=30).stdout.splitlines()
    return sum("Ready" in row.split()[1].split(",") for row in rows)
