"""Programs that a machine needs, and the package of each on Debian and Ubuntu."""

from __future__ import annotations

from generator.machines.cluster import Machine, Site
from generator.machines.nfs import exported_directories, uses_nfs
from generator.machines.preparing import toolkit_on_host

# kubeadm's preflight asks for the first ones. Source: kubernetes.io, "Installing kubeadm".
_KUBEADM = (
    ("ip", "iproute2"),
    ("iptables", "iptables"),
    ("nsenter", "util-linux"),
    ("mount", "mount"),
    ("ethtool", "ethtool"),
    ("socat", "socat"),
    ("conntrack", "conntrack"),
    ("containerd", "containerd"),
    ("kubelet", "kubelet"),
    ("kubeadm", "kubeadm"),
    ("kubectl", "kubectl"),
)
_ALL = (("python3", "python3"), ("modprobe", "kmod"), ("nft", "nftables"))


def needs(site: Site, machine: Machine) -> list[tuple[str, str]]:
    """Program and package, each once."""
    profile = site.profile
    found = [*_ALL, *(_KUBEADM if profile.cluster.distribution == "kubeadm" else ())]
    if uses_nfs(profile):
        found.append(("mount.nfs", "nfs-common"))
    if exported_directories(profile, machine):
        found.append(("exportfs", "nfs-kernel-server"))
    if _uses_iscsi(site):
        found.append(("iscsiadm", "open-iscsi"))
    if toolkit_on_host(profile, machine):
        found.append(("nvidia-ctk", "nvidia-container-toolkit"))
    return found


def _uses_iscsi(site: Site) -> bool:
    """Longhorn attaches its volumes by iSCSI too."""
    storage = site.profile.storage
    return any(one.type == "longhorn" for one in storage.classes.values()) or any(
        volume.iscsi for volume in storage.volumes.values()
    )
