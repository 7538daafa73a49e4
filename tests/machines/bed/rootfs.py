"""Debian root file systems, each made once and kept in the cache: the machines' disk and the test image."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Sequence
from pathlib import Path

from generator.cluster.runner import CommandRunner
from generator.toolchain import cache

SUITE = "bookworm"
MACHINE_PACKAGES = (
    "systemd", "systemd-sysv", "dbus", "kmod", "procps", "util-linux", "mount", "apt", "ca-certificates",
    # What the kubelet, kube-proxy and a network of pods call for.
    "containerd", "runc", "containernetworking-plugins", "iptables", "nftables", "conntrack", "ethtool",
    "socat",
    # How people reach them; the server is off, and has no keys, until a test turns it on.
    "openssh-server", "sudo",
    # What tests look around with.
    "iproute2", "iputils-ping", "curl", "jq", "python3",
)  # fmt: skip

# Documentation and translations are half of a small system, and nothing here reads them.
EXCLUDED = ("/usr/share/doc/*", "/usr/share/man/*", "/usr/share/locale/*", "/usr/share/i18n/*")


def machines_dir() -> Path:
    """Where root file systems, images and the disks of running machines are."""
    return cache.cache_dir() / "machines"


def ensure_machine_root(runner: CommandRunner) -> Path:
    """What every machine's disk starts from. Raises CommandError."""
    return ensure_root("machine", MACHINE_PACKAGES, runner)


def ensure_root(name: str, packages: Sequence[str], runner: CommandRunner) -> Path:
    """The folder of a root file system with these packages; made first when missing, in up to two minutes.

    Raises CommandError.
    """
    fingerprint = hashlib.sha256(repr((SUITE, packages, EXCLUDED)).encode()).hexdigest()[:12]
    place = machines_dir() / "roots" / f"{name}-{fingerprint}"
    with cache.lock(f"root-{name}", lambda: None):
        if not place.is_dir():
            _make(place, packages, runner)
    return place


def _make(place: Path, packages: Sequence[str], runner: CommandRunner) -> None:
    with cache.workspace(place.name) as staging:
        tree = staging / "tree"
        lean = [f"--dpkgopt=path-exclude={pattern}" for pattern in EXCLUDED]
        runner.run(
            ["mmdebstrap", "--quiet", "--variant=minbase", "--format=directory", *lean,
             f"--include={','.join(packages)}", SUITE, str(tree)],
            timeout=1200,
            hint="Debian's mirror must be reachable the first time; after that the cache is enough",
        )  # fmt: skip
        # Device nodes come from whoever runs the tree, names and addresses from the bed.
        shutil.rmtree(tree / "dev")
        (tree / "dev").mkdir()
        for name in ("etc/hostname", "etc/resolv.conf", "etc/machine-id"):
            (tree / name).unlink(missing_ok=True)
        # No two machines share a key.
        for key in (tree / "etc/ssh").glob("ssh_host_*"):
            key.unlink()
        (tree / "etc/systemd/system/multi-user.target.wants/ssh.service").unlink(missing_ok=True)
        place.parent.mkdir(parents=True, exist_ok=True)
        tree.rename(place)
