"""A machine's own place in every cgroup hierarchy.

systemd-nspawn is started inside it, so the machine's cgroup namespace begins there: its systemd, containerd
and kubelet see a root of their own and cannot meet those of another machine or of the host.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from pathlib import Path

ROOT = Path("/sys/fs/cgroup")
PARENT = "labhelm-bed"
CONTROLLERS = ("cpu", "cpuacct", "cpuset", "memory", "devices", "freezer", "blkio", "pids", "systemd")


def missing_controllers() -> list[str]:
    """The hierarchies that machines need and this host has not mounted."""
    return [name for name in CONTROLLERS if not (ROOT / name / "cgroup.procs").is_file()]


def hierarchies() -> list[Path]:
    """Every mounted hierarchy, the empty cgroup v2 one beside them included."""
    return sorted(folder for folder in ROOT.iterdir() if (folder / "cgroup.procs").is_file())


def create(group: str) -> None:
    """Make the group (`bed/machine`) in every hierarchy, ready to take processes."""
    for hierarchy in hierarchies():
        while not (hierarchy / PARENT / group).is_dir():
            # Another bed that closes may take the common parent away in between.
            with contextlib.suppress(FileNotFoundError):
                _create_in(hierarchy, group)
    # Groups that systemd and the kubelet make below must be usable at once.
    (ROOT / "cpuset" / PARENT / group / "cgroup.clone_children").write_text("1")


def _create_in(hierarchy: Path, group: str) -> None:
    folder = hierarchy
    for part in (PARENT, *group.split("/")):
        folder /= part
        folder.mkdir(exist_ok=True)
        _inherit_cpus(folder)


def _inherit_cpus(folder: Path) -> None:
    """A new cpuset is empty, and takes no process, until it names processors and memory nodes."""
    for name in ("cpuset.cpus", "cpuset.mems"):
        file = folder / name
        if file.is_file() and not file.read_text().strip():
            file.write_text((folder.parent / name).read_text())


def join_files(group: str) -> list[Path]:
    """The files that a process writes 0 to, to become part of the machine."""
    folders = (hierarchy / PARENT / group for hierarchy in hierarchies())
    # nspawn moves the machine one level down in the hierarchies that systemd uses to track processes.
    return [(f / "payload" if (f / "payload").is_dir() else f) / "cgroup.procs" for f in folders]


def memory_in_use(group: str) -> int:
    """The machine's working set in bytes, counted as the kubelet does: without idle page cache."""
    folder = ROOT / "memory" / PARENT / group
    stat = dict(line.split() for line in (folder / "memory.stat").read_text().splitlines())
    return int((folder / "memory.usage_in_bytes").read_text()) - int(stat["total_inactive_file"])


def processes(group: str) -> set[int]:
    """Everything that runs in the group, seen from the host."""
    found: set[int] = set()
    for hierarchy in hierarchies():
        for file in (hierarchy / PARENT / group).rglob("cgroup.procs"):
            with contextlib.suppress(OSError):
                found.update(int(line) for line in file.read_text().split())
    return found - {0, os.getpid()}


def kill(group: str, *, patience: float = 20.0) -> None:
    """Kill what runs in the group and wait until it is gone. Raises TimeoutError after `patience` seconds."""
    until = time.monotonic() + patience
    while alive := processes(group):
        for pid in alive:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if time.monotonic() > until:
            raise TimeoutError(f"processes of {group} do not end: {sorted(alive)}")
        time.sleep(0.05)


def remove(group: str) -> None:
    """Remove the emptied group and all below it, and the common parent when it was the last."""
    for hierarchy in hierarchies():
        top = hierarchy / PARENT / group
        for folder in sorted(top.rglob("*/"), reverse=True):
            _rmdir(folder)
        _rmdir(top)
        with contextlib.suppress(OSError):
            (hierarchy / PARENT).rmdir()


def _rmdir(folder: Path, *, attempts: int = 60) -> None:
    """The kernel may call a group busy for a moment after its last process."""
    for attempt in range(attempts):
        try:
            folder.rmdir()
        except FileNotFoundError:
            return
        except OSError:
            if attempt == attempts - 1:
                raise
            time.sleep(0.05)
        else:
            return
