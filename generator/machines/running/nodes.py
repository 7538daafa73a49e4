"""The cluster's own word on its nodes, asked on the first control plane."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from generator.errors import CommandError
from generator.machines.cluster import Site
from generator.machines.running.remote import shown, task
from generator.machines.running.ssh import Remote

ATTEMPTS = 10
PAUSE = 3.0
"""Seconds between two looks, while a machine that has just joined comes up."""


@dataclass(frozen=True)
class NodeStatus:
    """A node of the cluster; `message` is its kubelet's."""

    name: str
    ready: bool
    version: str
    message: str

    @property
    def lacks_network(self) -> bool:
        """Whether it only waits for a pod network."""
        return not self.ready and ("cni" in self.message.lower() or "network" in self.message.lower())


def node_statuses(remote: Remote, site: Site, names: Sequence[str]) -> list[NodeStatus]:
    """All nodes of the cluster, once they are Ready or lack nothing but a network; after a while as they are.

    Raises CommandError when one of `names` is not among them then.
    """
    for attempt in range(ATTEMPTS):
        found = _ask(remote, site)
        missing = [name for name in names if name not in {node.name for node in found}]
        if not missing and all(node.ready or node.lacks_network for node in found):
            break
        if attempt < ATTEMPTS - 1:
            time.sleep(PAUSE)
    if not missing:
        return found
    raise CommandError(
        f"in a cluster, but not in this one: {', '.join(missing)}",
        command=f"{remote.place(site.machines[0]).ssh} kubectl get nodes",
        hint="take them out of the other one (kubeadm reset, or uninstall), then run this again",
    )


def admin_kubeconfig(remote: Remote, site: Site) -> str:
    """The administrator's kubeconfig, by which the cluster is reached from elsewhere too: a secret."""
    return _first(remote, site, "--kubeconfig", "does not give its kubeconfig")


def _ask(remote: Remote, site: Site) -> list[NodeStatus]:
    listed = _first(remote, site, "--nodes", "does not list the cluster's nodes")
    return [_status(line) for line in listed.splitlines() if line.strip()]


def _first(remote: Remote, site: Site, word: str, trouble: str) -> str:
    first, work = site.machines[0], task(word)
    said = remote.run(first, work)
    if said.code:
        raise CommandError(
            f"{first.name} {trouble}",
            command=f"{remote.place(first).ssh} {shown(first.name, work.calls)}",
            output=said.stderr,
        )
    return said.stdout


def _status(line: str) -> NodeStatus:
    name, ready, version, message = [*line.split(maxsplit=3), "", "", ""][:4]
    return NodeStatus(name, ready == "True", version, message)
