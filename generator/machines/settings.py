"""The node agent's settings.json, typed on our side too; tests read every key back with the agent itself."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from generator.model import Model, doc


class Inotify(Model):
    """Lower bounds."""

    max_user_instances: Annotated[int, doc("Instances.")]
    max_user_watches: Annotated[int, doc("Watches.")]


class MirrorEndpoint(Model):
    """One server that answers for a registry."""

    url: Annotated[str, doc("Its URL.")]


class Mirror(Model):
    """Where images of a registry come from."""

    registry: Annotated[str, doc("The registry.")]
    endpoints: Annotated[list[MirrorEndpoint], doc("Servers, tried in order.")]


class Nvidia(Model):
    """The runtime that gives containers their GPUs."""

    enabled: Annotated[bool, doc("Register it.")] = False
    default: Annotated[bool, doc("Make it the default runtime.")] = False


class Containerd(Model):
    """The container runtime."""

    manage: Annotated[bool, doc("Configure it.")] = True
    flavour: Annotated[Literal["containerd", "k3s", "rke2"], doc("Whose containerd it is.")]
    cdi: Annotated[bool, doc("Container Device Interface.")]
    sandbox_image: Annotated[str, doc("Sandbox image.")] = ""
    nvidia: Annotated[Nvidia, doc("NVIDIA's runtime.")] = Nvidia()
    mirrors: Annotated[list[Mirror], doc("Mirrors.")] = []


class Docker(Model):
    """Docker beside containerd."""

    daemon: Annotated[dict[str, Any], doc("Keys of daemon.json.")] = {}


class Kubelet(Model):
    """The kubelet's drop-in."""

    config: Annotated[dict[str, str | int | bool], doc("Fields of KubeletConfiguration.")] = {}


class Driver(Model):
    """The NVIDIA driver."""

    expected: Annotated[bool, doc("It must be there.")] = False
    root: Annotated[str, doc("Where.")] = "/"
    collect_to: Annotated[str, doc("Collect its files here.")] = ""


class Taint(Model):
    """One taint."""

    key: Annotated[str, doc("Key.")]
    effect: Annotated[str, doc("Effect.")]
    value: Annotated[str, doc("Value.")] = ""


class Node(Model):
    """The node object."""

    name: Annotated[str, doc("Name.")]
    labels: Annotated[dict[str, str], doc("Labels.")] = {}
    taints: Annotated[list[Taint], doc("Taints.")] = []


class Port(Model):
    """A port that must be free or held by one of its owners."""

    port: Annotated[int, doc("Number.")]
    protocol: Annotated[Literal["tcp", "udp"], doc("Protocol.")]
    owners: Annotated[list[str], doc("Programs that may hold it.")]


class Peer(Model):
    """A machine whose name must resolve."""

    name: Annotated[str, doc("Name.")]
    address: Annotated[str, doc("Address.")]


class DiskSpace(Model):
    """Free space that must be there."""

    path: Annotated[str, doc("Path.")]
    free_gib: Annotated[float, doc("Space.", unit="GiB")]
    free_inodes_percent: Annotated[float, doc("Inodes.", unit="percent")]


class Sshd(Model):
    """What the ssh server refuses, by a drop-in."""

    forbid_root_login: Annotated[bool, doc("Root.")] = False
    forbid_passwords: Annotated[bool, doc("Passwords.")] = False


class Checks(Model):
    """Looked at, never changed."""

    ports: Annotated[list[Port], doc("Ports.")]
    time_sync: Annotated[bool, doc("The clock is synchronized.")] = True
    peers: Annotated[list[Peer], doc("Machines.")]
    disk: Annotated[list[DiskSpace], doc("Room on disk.")]


class Settings(Model):
    """Everything that is wanted of one machine before it joins."""

    mode: Annotated[Literal["apply"], doc("The script decides by its own option.")] = "apply"
    kubernetes_version: Annotated[str, doc("Minor version.")]
    swap: Annotated[Literal["off", "limited"], doc("Swap.")]
    modules: Annotated[list[str], doc("Kernel modules.")]
    sysctls: Annotated[dict[str, str], doc("Kernel settings.")]
    inotify: Annotated[Inotify, doc("inotify.")]
    containerd: Annotated[Containerd, doc("Container runtime.")]
    docker: Annotated[Docker, doc("Docker.")] = Docker()
    kubelet: Annotated[Kubelet, doc("Kubelet.")] = Kubelet()
    holds: Annotated[list[str], doc("Packages that stay as they are.")] = []
    driver: Annotated[Driver, doc("NVIDIA driver.")] = Driver()
    sshd: Annotated[Sshd, doc("ssh.")] = Sshd()
    node: Annotated[Node, doc("Node.")]
    checks: Annotated[Checks, doc("Checks.")]
