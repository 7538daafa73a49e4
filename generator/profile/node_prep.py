"""What node preparation sets on the machines."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from generator.model import Model, doc
from generator.names import AbsolutePath, DnsLabel, Duration, Image


class Containerd(Model):
    """The container runtime."""

    mirrors: Annotated[
        dict[str, Annotated[list[str], Field(min_length=1)]],
        doc("Mirrors by registry, tried in order.", example={"docker.io": ["https://mirror.example.org"]}),
    ] = {}
    cdi: Annotated[bool, doc("Enable the Container Device Interface.", example=True)] = True


class NodeSettings(Model):
    """Settings of a node; a group changes single ones."""

    swap: Annotated[
        Literal["off", "keep"], doc("Turn swap off for good, or keep it and tell the kubelet.")
    ] = "off"
    modules: Annotated[list[str], doc("Kernel modules to load.", example=["overlay", "br_netfilter"])] = [
        "overlay",
        "br_netfilter",
    ]
    sysctls: Annotated[
        dict[str, str | int], doc("More kernel settings.", example={"vm.max_map_count": 262144})
    ] = {}
    inotify_watches: Annotated[
        int, doc("fs.inotify.max_user_watches.", unit="watches", example=1048576, ge=8192)
    ] = 1048576
    inotify_instances: Annotated[
        int, doc("fs.inotify.max_user_instances.", unit="instances", example=8192, ge=128)
    ] = 8192
    containerd: Annotated[Containerd, doc("Container runtime.")] = Containerd()
    docker: Annotated[bool, doc("The machine keeps Docker too: merge its daemon.json.", example=False)] = (
        False
    )
    kubelet: Annotated[
        dict[str, str | int | bool], doc("More fields of KubeletConfiguration.", example={"maxPods": 150})
    ] = {}


class NodePrep(NodeSettings):
    """The DaemonSet that keeps nodes as they should be."""

    mode: Annotated[Literal["plan", "apply"], doc("Only report what would change, or change it.")] = "plan"
    interval: Annotated[Duration, doc("Time between two looks at a node.", example="1h")] = "1h"
    max_unavailable: Annotated[
        int, doc("Nodes that are prepared at the same time.", unit="nodes", example=1, ge=1)
    ] = 1
    image: Annotated[
        Image | None, doc("Image with Python 3.", example="docker.io/library/python:3.13-slim")
    ] = None
    groups: Annotated[
        dict[DnsLabel, NodeSettings], doc("Settings by node group.", example={"gpu": {"docker": True}})
    ] = {}
    sshd: Annotated[bool, doc("Install an sshd drop-in: keys only, no root login.", example=False)] = False
    offline: Annotated[
        AbsolutePath | None, doc("Folder with packages on machines without network.", example="/srv/packages")
    ] = None
