"""What the node agent is told by machines' scripts and by the chart, in the words of its settings.json."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from generator.model import Model, doc
from generator.names import LabelKey, LabelValue


class Inotify(Model):
    """Lower bounds; 0 leaves a limit alone, and a higher value on the machine stays."""

    max_user_instances: Annotated[int, doc("Instances per user.", unit="instances", example=8192, ge=0)] = 0
    max_user_watches: Annotated[int, doc("Watches per user.", unit="watches", example=1048576, ge=0)] = 0


class MirrorEndpoint(Model):
    """One server that answers for a registry."""

    url: Annotated[str, doc("Its URL.", example="https://mirror.example.org", pattern=r"^https?://\S+$")]
    capabilities: Annotated[list[Literal["pull", "resolve", "push"]], doc("What it is asked for.")] = [
        "pull",
        "resolve",
    ]
    ca: Annotated[str, doc("CA file on the machine.", example="/etc/ssl/certs/mirror.pem")] = ""
    skip_verify: Annotated[bool, doc("Accept any certificate.")] = False
    override_path: Annotated[bool, doc("The URL's path is complete, without /v2.")] = False


class Mirror(Model):
    """Where the images of a registry come from."""

    registry: Annotated[str, doc("Its host; _default for all others.", example="docker.io")]
    endpoints: Annotated[list[MirrorEndpoint], doc("Servers, tried in order.", min_length=1)]
    server: Annotated[str, doc('The registry itself, asked last; "" for the default of its name.')] = ""


class Nvidia(Model):
    """The runtime that gives containers their GPUs."""

    enabled: Annotated[bool, doc("Register it; its container toolkit must be installed.")] = False
    binary: Annotated[str, doc("Its program on the machine.", pattern="^/")] = (
        "/usr/bin/nvidia-container-runtime"
    )
    default: Annotated[bool, doc("Make it the default runtime.")] = False
    cdi_spec: Annotated[bool, doc("Write /etc/cdi/nvidia.yaml where nothing of NVIDIA does.")] = False


class Containerd(Model):
    """The container runtime."""

    manage: Annotated[bool, doc("Keep its configuration.")] = False
    flavour: Annotated[
        Literal["auto", "containerd", "k3s", "rke2"], doc("Whose containerd it is; auto looks.")
    ] = "auto"
    systemd_cgroup: Annotated[bool, doc("Cgroups by systemd, as the kubelet has them.")] = True
    cdi: Annotated[bool, doc("Enable the Container Device Interface.")] = True
    sandbox_image: Annotated[
        str, doc('Image of each pod\'s sandbox; "" leaves it.', example="registry.k8s.io/pause:3.10.1")
    ] = ""
    nvidia: Annotated[Nvidia, doc("NVIDIA's runtime.")] = Nvidia()
    mirrors: Annotated[list[Mirror], doc("Mirrors of registries.")] = []


class Docker(Model):
    """Docker beside containerd."""

    daemon: Annotated[
        dict[str, Any],
        doc("Merged into daemon.json.", example={"exec-opts": ["native.cgroupdriver=systemd"]}),
    ] = {}


class Kubelet(Model):
    """The kubelet."""

    config: Annotated[
        dict[str, Any], doc("Fields of KubeletConfiguration, as a drop-in.", example={"maxPods": 150})
    ] = {}


class Driver(Model):
    """The NVIDIA driver: checked and collected, never installed."""

    expected: Annotated[bool, doc("It must be loaded.")] = False
    root: Annotated[str, doc("Where its files are.", example="/run/nvidia/driver", pattern="^/")] = "/"
    version: Annotated[str, doc('Version on all GPU nodes; "" for any.', example="570.124.06")] = ""
    collect_to: Annotated[
        str, doc('Copy its files here; "" copies nothing.', example="/opt/nvidia-driver")
    ] = ""


class Port(Model):
    """A port that is free, or held by one of its owners."""

    port: Annotated[int, doc("Number.", ge=1, le=65535)]
    protocol: Annotated[Literal["tcp", "udp"], doc("Protocol.")] = "tcp"
    owners: Annotated[list[str], doc("Programs that may hold it.", example=["kubelet"])] = []


class Peer(Model):
    """A machine whose name must resolve to its address."""

    name: Annotated[str, doc("Name.", example="kitt")]
    address: Annotated[str, doc("Address.", example="192.168.11.11")]


class DiskSpace(Model):
    """Room that must be there on the file system of a path."""

    path: Annotated[str, doc("Path.", example="/var", pattern="^/")]
    free_gib: Annotated[float, doc("Free space.", unit="GiB", ge=0)] = 0.0
    free_inodes_percent: Annotated[float, doc("Free inodes.", unit="percent", ge=0, le=100)] = 0.0


class Sshd(Model):
    """What the ssh server refuses."""

    forbid_root_login: Annotated[bool, doc("Root.")] = False
    forbid_passwords: Annotated[bool, doc("Passwords.")] = False


class Checks(Model):
    """Looked at, never changed; what fails makes the node's condition False."""

    ports: Annotated[list[Port], doc("Ports that the node's role needs.")] = []
    cgroup_version: Annotated[Literal[0, 1, 2], doc("Version of cgroups; 0 for any.")] = 0
    time_sync: Annotated[bool, doc("The clock is synchronized.")] = False
    peers: Annotated[list[Peer], doc("Machines whose names must resolve.")] = []
    disk: Annotated[list[DiskSpace], doc("Room on disk.")] = []
    sshd: Annotated[Sshd, doc("Policy of the ssh server; `settings.sshd` brings it about.")] = Sshd()


class Settings(Model):
    """What is wanted of a machine; the defaults want nothing."""

    kubernetes_version: Annotated[
        str, doc("Version, to know what kubelet and containerd take.", example="1.36")
    ] = ""
    swap: Annotated[
        Literal["off", "leave", "limited"],
        doc("Turn swap off for good, leave it, or let pods use it (LimitedSwap)."),
    ] = "leave"
    modules: Annotated[list[str], doc("Kernel modules.", example=["overlay", "br_netfilter"])] = []
    sysctls: Annotated[dict[str, str], doc("Kernel settings.", example={"net.ipv4.ip_forward": "1"})] = {}
    inotify: Annotated[Inotify, doc("Limits of inotify.")] = Inotify()
    containerd: Annotated[Containerd, doc("Container runtime.")] = Containerd()
    docker: Annotated[Docker, doc("Docker beside containerd.")] = Docker()
    kubelet: Annotated[Kubelet, doc("Kubelet.")] = Kubelet()
    holds: Annotated[
        list[str], doc("Packages that routine upgrades leave alone.", example=["kubelet", "containerd"])
    ] = []
    driver: Annotated[Driver, doc("NVIDIA driver.")] = Driver()
    sshd: Annotated[
        Sshd,
        doc(
            "ssh server: a drop-in that it judges itself and reads by a reload. Not written where nobody but "
            "root has a key."
        ),
    ] = Sshd()
    checks: Annotated[Checks, doc("Checks without change.")] = Checks()
    health_seconds: Annotated[
        int, doc("How long a restarted service may take to answer.", unit="seconds", ge=1)
    ] = 60


class Taint(Model):
    """A taint of a node."""

    key: Annotated[LabelKey, doc("Key.")]
    effect: Annotated[Literal["NoSchedule", "PreferNoSchedule", "NoExecute"], doc("Effect.")]
    value: Annotated[LabelValue, doc("Value.")] = ""


class NodeObject(Model):
    """What a node's object must carry; other labels and taints stay."""

    labels: Annotated[dict[LabelKey, LabelValue], doc("Labels.", example={"labhelm.io/system": "true"})] = {}
    taints: Annotated[list[Taint], doc("Taints.")] = []


class MachineNode(NodeObject):
    """The node that a machine will be."""

    name: Annotated[str, doc("Its name.", example="kitt")]


class MachineSettings(Settings):
    """The settings.json of one machine before it joins: also what the chart has keys of its own for."""

    mode: Annotated[Literal["apply"], doc("The script decides by its own option.")]
    node: Annotated[MachineNode, doc("The node.")]
