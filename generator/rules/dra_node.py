"""GPU107: a node's GPUs would belong to the DRA driver and to the device plugin."""

from __future__ import annotations

from collections.abc import Iterator

from generator.profile.model import Profile
from generator.profile.nodes import Node
from generator.rules.base import Finding, Names

_DEPLOY = "nvidia.com/gpu.deploy.device-plugin"


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding for each node that both would serve, or neither could."""
    dra = profile.gpu.experimental.dra
    if dra is None:
        return
    base = ("gpu", "experimental", "dra")
    if profile.gpu.advertised_by == "device-plugin":
        yield Finding(
            base,
            "the bare device plugin runs on every GPU node, those of the DRA driver too",
            "use advertisedBy: gpu-operator, which leaves single nodes out, or none",
            related=((("gpu", "advertisedBy"), "device-plugin"),),
        )
        return
    nodes = {node.name: (index, node) for index, node in enumerate(profile.nodes)}
    for number, name in enumerate(dra.nodes):
        if name in nodes:
            yield from _node(*nodes[name], (*base, "nodes", number))


def _node(index: int, node: Node, path: tuple[str | int, ...]) -> Iterator[Finding]:
    if node.gpus is None:
        yield Finding(path, f"node {node.name} has no GPUs", "name a node with gpus")
    elif node.gpus.config:
        yield Finding(
            ("nodes", index, "gpus", "config"),
            f"node {node.name} belongs to the DRA driver: a sharing configuration has no meaning",
            "remove config, or take the node out of gpu.experimental.dra.nodes",
            related=((path, "the DRA driver's nodes"),),
        )
    if node.labels.get(_DEPLOY, "false") != "false":
        yield Finding(
            ("nodes", index, "labels", _DEPLOY),
            f"this label brings the device plugin to {node.name}, which belongs to the DRA driver",
            "remove it",
            related=((path, "the DRA driver's nodes"),),
        )
