"""What a machine that serves NFS exports: one line per directory and client, made from the list of nodes."""

from __future__ import annotations

from collections.abc import Iterator

from generator.machines.cluster import Machine
from generator.profile.model import Profile
from generator.profile.storage_classes import NfsClass, NfsSubdirClass

# csi-driver-nfs makes a folder per volume as root, and fsGroup needs an owner it can change.
OPTIONS = "rw,sync,no_subtree_check,no_root_squash"


def exported_directories(profile: Profile, machine: Machine) -> list[str]:
    """Directories of the machine that classes and volumes of the profile name, sorted."""
    names = {machine.name, machine.address, f"{machine.name}.{profile.network.domain}"}
    return sorted({path for server, path in _shares(profile) if server in names})


def uses_nfs(profile: Profile) -> bool:
    """Whether pods mount NFS, so that every machine needs its client."""
    return any(True for _ in _shares(profile))


def export_lines(profile: Profile, machine: Machine) -> list[str]:
    """Lines of an exports(5) file: all nodes are clients, the server's own pods too."""
    return [
        f"{_quoted(path)} {node.address}({OPTIONS})  # {node.name}"
        for path in exported_directories(profile, machine)
        for node in profile.nodes
    ]


def _shares(profile: Profile) -> Iterator[tuple[str, str]]:
    for storage_class in profile.storage.classes.values():
        if isinstance(storage_class, NfsClass | NfsSubdirClass):
            yield storage_class.server, storage_class.share
    for volume in profile.storage.volumes.values():
        if volume.nfs:
            yield volume.nfs.server, volume.nfs.path


def _quoted(path: str) -> str:
    """Signs that mean something in exports(5), as octal."""
    return "".join(sign if sign.isprintable() and sign not in ' "#\\' else _octal(sign) for sign in path)


def _octal(sign: str) -> str:
    return "".join(f"\\{byte:03o}" for byte in sign.encode())
