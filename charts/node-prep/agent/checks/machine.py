"""The kernel's cgroups, the clock, and room on disk."""

from __future__ import annotations

import os
from collections.abc import Iterator

from agent.host import Host
from agent.steps.base import FAILED, OK, WARNING, Finding, View
from agent.validate import minor

FIRST_WITHOUT_CGROUP_1 = 35
GIB = 1024**3


def cgroup(view: View) -> Iterator[Finding]:
    """The kubelet refuses cgroup v1 by default since 1.35."""
    found = cgroup_version(view.host)
    wanted = view.settings.checks.cgroup_version
    if wanted and found != wanted:
        yield Finding(
            FAILED, f"cgroup v{found} is mounted, v{wanted} is wanted (systemd.unified_cgroup_hierarchy)"
        )
    elif found == 1 and minor(view.settings.kubernetes_version) >= FIRST_WITHOUT_CGROUP_1 and wanted != 1:
        yield Finding(WARNING, "cgroup v1: kubelet 1.35 and later starts only with failCgroupV1: false")


def cgroup_version(host: Host) -> int:
    """2 for the unified hierarchy, 1 otherwise, a mix of both included."""
    return 2 if host.exists("/sys/fs/cgroup/cgroup.controllers") else 1


def time_sync(view: View) -> Iterator[Finding]:
    """Certificates and tokens fail in odd ways when clocks differ."""
    if not view.settings.checks.time_sync:
        return
    said = view.host.ask("timedatectl", "show", "--property=NTPSynchronized", "--value")
    if said.ok:
        state = said.stdout.strip() == "yes"
    else:
        tracking = view.host.ask("chronyc", "tracking")
        state = tracking.ok and "Not synchronised" not in tracking.stdout
    text = (
        "the clock is synchronised"
        if state
        else "the clock is not synchronised: install chrony or systemd-timesyncd"
    )
    yield Finding(OK if state else FAILED, text)


def disk(view: View) -> Iterator[Finding]:
    """Free space and inodes; a path that is not there yet counts on its parent's file system."""
    for item in view.settings.checks.disk:
        place = view.host.real(item.path)
        while not place.exists():
            place = place.parent
        found = os.statvfs(place)
        free = found.f_bavail * found.f_frsize / GIB
        inodes = 100 * found.f_favail / found.f_files if found.f_files else 100.0
        if free < item.free_gib:
            yield Finding(FAILED, f"{item.path} has {free:.1f} GiB free, {item.free_gib:g} are wanted")
        if inodes < item.free_inodes_percent:
            yield Finding(
                FAILED,
                f"{item.path} has {inodes:.0f} % of its inodes free, {item.free_inodes_percent:g} wanted",
            )
