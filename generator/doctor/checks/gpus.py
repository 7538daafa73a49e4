"""Each node advertises as many GPUs as it has, times the slices of its sharing."""

from __future__ import annotations

from collections.abc import Iterator

from generator.doctor.base import Finding, Wish, note
from generator.doctor.snapshot import Snapshot, labels_of
from generator.profile.gpu_sharing import advertised
from generator.profile.model import Profile
from generator.profile.nodes import Node

_PREFIXES = ("nvidia.com/gpu", "nvidia.com/mig-")
_PLUGIN = "nvidia-device-plugin"


def look(wish: Wish, snapshot: Snapshot) -> Iterator[Finding]:
    """See base.Look."""
    total = 0
    for node in wish.profile.nodes:
        live = snapshot.find("nodes", node.name)
        if live is not None:
            found = _advertised((live.get("status") or {}).get("allocatable") or {})
            total += sum(found.values())
            yield from _differences(wish.profile, node, found, snapshot)
    if total:
        yield note("", f"{total} GPUs or slices")


def _differences(
    profile: Profile, node: Node, found: dict[str, int], snapshot: Snapshot
) -> Iterator[Finding]:
    wanted = advertised(profile, node)
    for name in sorted(wanted.keys() | found.keys()):
        if found.get(name, 0) != wanted.get(name, 0):
            says = _words(node, wanted.get(name, 0))
            yield Finding(
                f"node {node.name}",
                f"advertises {found.get(name, 0)} {name}, the profile says {says}",
                _restart(snapshot, node),
                "the device plugin reads its configuration when it starts; where there is none, install it",
            )


def _words(node: Node, wanted: int) -> str:
    count = node.gpus.count if node.gpus else 0
    return f"{wanted} ({count} x {wanted // count})" if count and wanted % count == 0 else str(wanted)


def _restart(snapshot: Snapshot, node: Node) -> tuple[str, ...]:
    for one in snapshot.all("daemonsets.apps"):
        metadata = one["metadata"]
        if _PLUGIN in metadata["name"] or _PLUGIN in labels_of(one).get("app", ""):
            where = ("-n", metadata["namespace"])
            return ("kubectl", *where, "rollout", "restart", f"daemonset/{metadata['name']}")
    return ("kubectl", "get", "pods", "-A", "--field-selector", f"spec.nodeName={node.name}")


def _advertised(allocatable: dict[str, str]) -> dict[str, int]:
    """What the node says of GPUs; a resource that it no longer has stays there as 0."""
    return {name: int(count) for name, count in allocatable.items() if name.startswith(_PREFIXES)}
