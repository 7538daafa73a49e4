"""What this host must offer before a bed can stand on it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from generator.cluster.runner import CommandRunner
from tests.machines.bed import cgroups

# Debian packages by the program that they bring.
PACKAGES = {
    # Makes the machines' root file system, once, out of signed Debian packages.
    "mmdebstrap": "mmdebstrap",
    # Compiles the one program of an image that is not Go: the pause of a pod.
    "gcc": "gcc libc6-dev",
    # Boots a root file system with its own systemd, as a machine would.
    "systemd-nspawn": "systemd-container",
    # Logs in to machines, as an administrator does.
    "ssh": "openssh-client",
}


def missing(runner: CommandRunner) -> str:
    """Why no machine can be booted here, in one sentence; empty when it can."""
    if os.geteuid() != 0:
        return "machines need root: they are made of namespaces, mounts and cgroups"
    if "overlay" not in Path("/proc/filesystems").read_text():
        return "machines need the overlay file system, which this kernel lacks"
    if absent := cgroups.missing_controllers():
        return f"machines need cgroup v1 hierarchies, and these are not mounted: {', '.join(absent)}"
    links = "ip link add name left type veth peer name right && ip link add name middle type bridge"
    if runner.run(["unshare", "--net", "sh", "-c", links], check=False).code:
        return "machines need network namespaces, veth and bridge links, which this kernel or iproute2 lacks"
    return ""


def ensure_packages(runner: CommandRunner) -> None:
    """Install the Debian packages that are not here yet. Raises CommandError."""
    absent = [packages for program, packages in PACKAGES.items() if shutil.which(program) is None]
    wanted = " ".join(absent).split()
    if not wanted:
        return
    install = ["apt-get", "install", "--yes", "--no-install-recommends", *wanted]
    environment = {"DEBIAN_FRONTEND": "noninteractive"}
    if runner.run(install, env=environment, timeout=300, check=False).code:
        runner.run(["apt-get", "update"], timeout=300)
        runner.run(install, env=environment, timeout=300, hint=f"install {' '.join(wanted)} by hand")
