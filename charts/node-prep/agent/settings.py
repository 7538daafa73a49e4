"""What is wanted of one machine: the shape of settings.json.

Keys in the file are the fields' names in camelCase. Every field has a default that asks for nothing, so `{}`
is valid. Unknown keys are faults. `load` reports all faults at once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from agent.names import PREFIX, STATE_DIR


@dataclass(frozen=True)
class Inotify:
    """Lower bounds; 0 leaves the limit alone. A higher value on the host stays."""

    max_user_instances: int = 0
    max_user_watches: int = 0


@dataclass(frozen=True)
class MirrorEndpoint:
    """One server that answers for a registry, tried in the order given."""

    url: str
    capabilities: tuple[Literal["pull", "resolve", "push"], ...] = ("pull", "resolve")
    ca: str = ""  # path of a CA file on the host
    skip_verify: bool = False
    override_path: bool = False  # the URL's path is complete, without /v2


@dataclass(frozen=True)
class Mirror:
    """Where images of `registry` ("docker.io", "_default" for all others) come from."""

    registry: str
    endpoints: tuple[MirrorEndpoint, ...]
    server: str = ""  # the registry itself, asked last; empty: the default of its name


@dataclass(frozen=True)
class Nvidia:
    """The runtime that gives containers their GPUs."""

    enabled: bool = False
    binary: str = "/usr/bin/nvidia-container-runtime"
    default: bool = False  # make it the default runtime; otherwise a RuntimeClass or CDI chooses it
    cdi_spec: bool = False  # write /etc/cdi/nvidia.yaml with nvidia-ctk, where no service of NVIDIA does


@dataclass(frozen=True)
class Containerd:
    """The container runtime's configuration."""

    manage: bool = False
    flavour: Literal["auto", "containerd", "k3s", "rke2"] = "auto"
    systemd_cgroup: bool = True
    cdi: bool = True
    sandbox_image: str = ""
    nvidia: Nvidia = Nvidia()
    mirrors: tuple[Mirror, ...] = ()


@dataclass(frozen=True)
class Docker:
    """For teams that also keep Docker: merged into /etc/docker/daemon.json, other keys survive."""

    daemon: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Kubelet:
    """Fields of KubeletConfiguration, as a --config-dir drop-in."""

    config: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Driver:
    """The NVIDIA driver, installed by the OS or by its operator; the agent only checks and collects."""

    expected: bool = False
    root: str = "/"  # "/run/nvidia/driver" when the GPU operator installs it
    version: str = ""  # the same on all GPU nodes; empty: any
    collect_to: str = ""  # copy the driver's libraries and programs here; empty: do not


@dataclass(frozen=True)
class Taint:
    """One taint of the node."""

    key: str
    effect: Literal["NoSchedule", "PreferNoSchedule", "NoExecute"]
    value: str = ""


@dataclass(frozen=True)
class Node:
    """The node object; only used where there is a cluster."""

    name: str = ""  # empty: $NODE_NAME, else the host name
    labels: dict[str, str] = field(default_factory=dict)
    taints: tuple[Taint, ...] = ()
    opt_in_label: str = f"{PREFIX}/node-prep"  # apply changes only nodes that carry it with the value "apply"


@dataclass(frozen=True)
class Port:
    """A port the node's role needs. `owners` are the programs that may already hold it."""

    port: int
    protocol: Literal["tcp", "udp"] = "tcp"
    owners: tuple[str, ...] = ()


@dataclass(frozen=True)
class Peer:
    """A machine of the cluster: its name must resolve to its address."""

    name: str
    address: str


@dataclass(frozen=True)
class DiskSpace:
    """Free space that must be there, in GiB, on the file system of `path`."""

    path: str
    free_gib: float = 0.0
    free_inodes_percent: float = 0.0


@dataclass(frozen=True)
class Sshd:
    """What the ssh server must refuse."""

    forbid_root_login: bool = False
    forbid_passwords: bool = False


@dataclass(frozen=True)
class Checks:
    """Looked at, never changed."""

    ports: tuple[Port, ...] = ()
    cgroup_version: Literal[0, 1, 2] = 0
    time_sync: bool = False
    peers: tuple[Peer, ...] = ()
    disk: tuple[DiskSpace, ...] = ()
    sshd: Sshd = Sshd()


@dataclass(frozen=True)
class Drain:
    """How a node is emptied before a disruptive change."""

    timeout_seconds: int = 600
    delete_empty_dir_data: bool = True
    force: bool = False  # also pods that nothing would start again elsewhere


@dataclass(frozen=True)
class Lease:
    """How many nodes change at a time: one Lease object per slot, `<name>-<slot>`."""

    namespace: str = "labhelm-node-prep"
    name: str = "node-prep"
    slots: int = 1
    duration_seconds: int = 900


@dataclass(frozen=True)
class Settings:
    """Everything that is wanted of one machine."""

    mode: Literal["plan", "apply"] = "plan"
    kubernetes_version: str = ""
    swap: Literal["off", "leave", "limited"] = "leave"
    modules: tuple[str, ...] = ()
    sysctls: dict[str, str] = field(default_factory=dict)
    inotify: Inotify = Inotify()
    containerd: Containerd = Containerd()
    docker: Docker = Docker()
    kubelet: Kubelet = Kubelet()
    holds: tuple[str, ...] = ()
    driver: Driver = Driver()
    sshd: Sshd = Sshd()
    node: Node = Node()
    checks: Checks = Checks()
    drain: Drain = Drain()
    lease: Lease = Lease()
    health_seconds: int = 60  # how long a restarted service may take to answer
    state_dir: str = STATE_DIR
