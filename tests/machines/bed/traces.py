"""What a bed could leave behind on the host: compared before and after, it shows whether anything stayed."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

from tests.machines.bed import cgroups, network
from tests.machines.bed.bed import beds_dir

# Processes that make up a machine, by the name of the program.
KINDS = ("systemd", "containerd", "kube", "etcd", "runc", "pause", "coredns")


@dataclass(frozen=True)
class Traces:
    """Everything of the host that booting machines touches."""

    processes: frozenset[str]
    mounts: frozenset[str]
    namespaces: frozenset[str]
    links: frozenset[str]
    cgroups: frozenset[str]
    beds: frozenset[str]
    kernel_settings: frozenset[str]

    def new_since(self, before: Traces) -> dict[str, list[str]]:
        """What is here now and was not before, by kind; kinds without anything new are left out."""
        names = (item.name for item in fields(self))
        new = {name: sorted(getattr(self, name) - getattr(before, name)) for name in names}
        return {name: found for name, found in new.items() if found}


def take() -> Traces:
    """Look at the host now."""
    return Traces(
        processes=frozenset(_processes()),
        mounts=frozenset(Path("/proc/self/mounts").read_text().splitlines()),
        namespaces=frozenset(file.name for file in network.NAMES.glob("*")),
        links=frozenset(file.name for file in Path("/sys/class/net").iterdir()),
        cgroups=frozenset(str(folder) for folder in cgroups.ROOT.rglob("*/")),
        beds=frozenset(file.name for file in beds_dir().glob("*")),
        kernel_settings=frozenset(_kernel_settings()),
    )


def _processes() -> list[str]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            before, _, after = stat.read_text().rpartition(") ")
        except OSError:
            continue
        pid, _, name = before.partition(" (")
        # A dead process that its parent has not asked about yet runs nothing and holds nothing.
        if name.startswith(KINDS) and not after.startswith("Z"):
            found.append(f"{name} {pid}")
    return found


def _kernel_settings() -> list[str]:
    """Settings that exist once per kernel and that systemd, kubeadm or the kubelet like to change."""
    names = ("vm/overcommit_memory", "vm/panic_on_oom", "vm/max_map_count", "vm/swappiness", "kernel/panic",
             "kernel/panic_on_oops", "kernel/pid_max", "kernel/core_pattern", "kernel/keys/root_maxkeys",
             "kernel/hostname", "fs/file-max", "fs/nr_open", "fs/inotify/max_user_watches",
             "fs/inotify/max_user_instances", "net/ipv4/ip_forward")  # fmt: skip
    return [f"{name}={(Path('/proc/sys') / name).read_text().strip()}" for name in names]
