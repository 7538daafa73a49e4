"""What a bed could leave behind on the host: compared before and after, it shows whether anything stayed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path

from tests.machines.bed import cgroups, network
from tests.machines.bed.bed import Bed, beds_dir, live_beds

# Exist once per kernel; systemd, kubeadm, the kubelet and kube-proxy like to change them.
SETTINGS = (
    "vm/overcommit_memory", "vm/panic_on_oom", "vm/max_map_count", "vm/swappiness", "kernel/panic",
    "kernel/panic_on_oops", "kernel/pid_max", "kernel/core_pattern", "kernel/keys/root_maxkeys",
    "kernel/hostname", "fs/file-max", "fs/nr_open", "fs/inotify/max_user_watches",
    "fs/inotify/max_user_instances", "net/ipv4/ip_forward", "net/netfilter/nf_conntrack_max",
)  # fmt: skip


@dataclass(frozen=True)
class Traces:
    """Everything of the host that booting machines touches."""

    processes: frozenset[str]
    mounts: frozenset[str]
    namespaces: frozenset[str]
    links: frozenset[str]
    cgroups: frozenset[str]
    disks: frozenset[str]
    kernel_settings: frozenset[str]

    def new_since(self, before: Traces) -> dict[str, list[str]]:
        """What is here now and was not before, by kind; kinds without anything new are left out.

        Beds of other test runs come and go meanwhile, and do not count.
        """
        others = live_beds() - {bed.id for bed in Bed.open_beds}
        new = {item.name: getattr(self, item.name) - getattr(before, item.name) for item in fields(self)}
        own = {
            kind: sorted(s for s in found if not any(o in s for o in others)) for kind, found in new.items()
        }
        return {kind: found for kind, found in own.items() if found}


def take() -> Traces:
    """Look at the host now."""
    return Traces(
        processes=frozenset(_processes()),
        mounts=frozenset(Path("/proc/self/mounts").read_text().splitlines()),
        namespaces=frozenset(file.name for file in network.NAMES.glob("*")),
        links=frozenset(file.name for file in Path("/sys/class/net").iterdir()),
        cgroups=frozenset(str(folder) for folder in cgroups.ROOT.rglob("*/")),
        disks=frozenset(file.name for file in beds_dir().glob("*")),
        kernel_settings=frozenset(_kernel_settings()),
    )


def _processes() -> Iterator[str]:
    """systemd-nspawn, and whatever runs in another process namespace than ours, as all in a machine does."""
    ours = Path("/proc/self/ns/pid").readlink()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            name = (folder / "comm").read_text().strip()
            # A dead process that its parent has not asked about yet runs no program any more.
            (folder / "exe").readlink()
            if name == "systemd-nspawn" or (folder / "ns/pid").readlink() != ours:
                yield f"{name} {folder.name} in {(folder / 'cgroup').read_text().split()}"
        except OSError:
            continue


def _kernel_settings() -> Iterator[str]:
    for name in SETTINGS:
        file = Path("/proc/sys") / name
        yield f"{name}={file.read_text().strip() if file.exists() else 'absent'}"
