"""The disk that every machine starts from: a Debian root file system, made once and kept in the cache."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from generator.cluster.runner import CommandRunner
from generator.toolchain import cache

SUITE = "bookworm"
PACKAGES = (
    "systemd", "systemd-sysv", "dbus", "kmod", "procps", "util-linux", "mount", "apt", "ca-certificates",
    # What the kubelet, kube-proxy and a network of pods call for.
    "containerd", "runc", "containernetworking-plugins", "iptables", "nftables", "conntrack", "ethtool",
    "socat",
    # What tests look around with.
    "iproute2", "iputils-ping", "curl", "jq", "python3",
)  # fmt: skip


def machines_dir() -> Path:
    """Where root file systems, images and the disks of running machines are."""
    return cache.cache_dir() / "machines"


def ensure_rootfs(runner: CommandRunner) -> Path:
    """The folder with the root file system; made first when missing, in up to two minutes.

    Raises CommandError.
    """
    place = machines_dir() / f"rootfs-{_fingerprint()}"
    with cache.lock(place.name, lambda: None):
        if not place.is_dir():
            _make(place, runner)
    return place


def debian(packages: tuple[str, ...], folder: Path, runner: CommandRunner) -> None:
    """Install Debian packages, and what they need, into an empty folder."""
    # Documentation and translations are half of a small system and no machine here reads them.
    excluded = ("/usr/share/doc/*", "/usr/share/man/*", "/usr/share/locale/*", "/usr/share/i18n/*")
    lean = [f"--dpkgopt=path-exclude={pattern}" for pattern in excluded]
    argv = ["mmdebstrap", "--quiet", "--variant=minbase", "--format=directory", *lean,
            f"--include={','.join(packages)}", SUITE, str(folder)]  # fmt: skip
    runner.run(argv, timeout=1200, hint="Debian's mirror must be reachable the first time; then it is cached")


def _make(place: Path, runner: CommandRunner) -> None:
    with cache.workspace("rootfs") as staging:
        tree = staging / "tree"
        debian(PACKAGES, tree, runner)
        # Device nodes come from systemd-nspawn, names and addresses from the bed.
        shutil.rmtree(tree / "dev")
        (tree / "dev").mkdir()
        for name in ("etc/hostname", "etc/resolv.conf", "etc/machine-id"):
            (tree / name).unlink(missing_ok=True)
        place.parent.mkdir(parents=True, exist_ok=True)
        tree.rename(place)


def _fingerprint() -> str:
    return hashlib.sha256(repr((SUITE, PACKAGES)).encode()).hexdigest()[:12]
