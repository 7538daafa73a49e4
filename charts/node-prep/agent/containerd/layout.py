"""Where each setting stands, by version of the configuration.

Version 2 has one CRI plugin; from version 3 on there is one for running and one for images. Version 4 moved
only the server's own sections.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agent.containerd.toml import Document, Path
from agent.settings import Containerd

RUNC = "io.containerd.runc.v2"

_V2 = ("plugins", "io.containerd.grpc.v1.cri")
_RUN = ("plugins", "io.containerd.cri.v1.runtime")
_IMAGES = ("plugins", "io.containerd.cri.v1.images")

# Setting to (path in version 2, path from version 3 on).
_PATHS: dict[str, tuple[Path, Path]] = {
    "sandbox": ((*_V2, "sandbox_image"), (*_IMAGES, "pinned_images", "sandbox")),
    "cdi": ((*_V2, "enable_cdi"), (*_RUN, "enable_cdi")),
    "default": ((*_V2, "containerd", "default_runtime_name"), (*_RUN, "containerd", "default_runtime_name")),
    "certs": ((*_V2, "registry", "config_path"), (*_IMAGES, "registry", "config_path")),
    "mirrors": ((*_V2, "registry", "mirrors"), (*_IMAGES, "registry", "mirrors")),
    "runtimes": ((*_V2, "containerd", "runtimes"), (*_RUN, "containerd", "runtimes")),
}

Wanted = Mapping[tuple[str, ...], Any]  # ("runtimes", "nvidia", "runtime_type") and so on, to the value


def where(setting: tuple[str, ...], version: int) -> Path:
    """The path of a setting in a file of this version."""
    old, new = _PATHS[setting[0]]
    return (*(old if version < 3 else new), *setting[1:])


def cri_table(version: int) -> Path:
    """The plugin whose section an import replaces as a whole on containerd 1."""
    return _V2 if version < 3 else _RUN


def at_version(wanted: Wanted, version: int) -> dict[Path, Any]:
    """`wanted` as paths and values of one version."""
    return {where(setting, version): value for setting, value in wanted.items()}


@dataclass(frozen=True)
class Release:
    """A containerd: 1.6, 2.2."""

    major: int
    minor: int

    @property
    def newest_version(self) -> int:
        """The highest version of a configuration it reads."""
        if self.major < 2:
            return 2
        return 3 if (self.major, self.minor) < (2, 3) else 4

    @property
    def new_file_version(self) -> int:
        """What to write where there is no file: understood by every release of the same line."""
        return 2 if self.major < 2 else 3

    @property
    def knows_cdi(self) -> bool:
        """1.6 has no CDI."""
        return (self.major, self.minor) >= (1, 7)


def wanted_settings(
    settings: Containerd, binary: str, release: Release, others: list[str], certs: str
) -> Wanted:
    """What the files must say. `others` are further runc runtimes found: all must have one cgroup driver."""
    wanted: dict[tuple[str, ...], Any] = {}
    if settings.sandbox_image:
        wanted["sandbox",] = settings.sandbox_image
    if settings.cdi and release.knows_cdi:
        wanted["cdi",] = True
    if settings.nvidia.default:
        wanted["default",] = "nvidia"
    for name in ("runc", *(["nvidia"] if settings.nvidia.enabled else [])):
        wanted["runtimes", name, "runtime_type"] = RUNC
        if name == "nvidia":
            wanted["runtimes", name, "options", "BinaryName"] = binary
        wanted["runtimes", name, "options", "SystemdCgroup"] = settings.systemd_cgroup
    for name in others:
        wanted["runtimes", name, "options", "SystemdCgroup"] = settings.systemd_cgroup
    if settings.mirrors:
        wanted["certs",] = certs
    return wanted


def runc_runtimes(documents: list[Document]) -> list[str]:
    """Further runtimes that the files register on top of runc, in order."""
    names: dict[str, None] = {}
    for document in documents:
        found = document.get(where(("runtimes",), version_of(document)), {})
        names.update({name: None for name, value in found.items() if value.get("runtime_type") == RUNC})
    return [name for name in names if name not in ("runc", "nvidia")]


def version_of(document: Document) -> int:
    """A file that does not say is version 1."""
    version = document.values.get("version", 1)
    return version if isinstance(version, int) else 1
