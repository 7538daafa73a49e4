"""The files that make up containerd's configuration, in the order in which they are read."""

from __future__ import annotations

import fnmatch
import posixpath
from dataclasses import dataclass
from typing import Any

from agent.containerd.layout import Wanted, cri_table, version_of, where
from agent.containerd.toml import Document, TomlError, parse
from agent.errors import StepFailed
from agent.host import Host

ROOT_FILE = "/etc/containerd/config.toml"


@dataclass(frozen=True)
class ConfigFile:
    """One file and what it says."""

    path: str
    document: Document

    @property
    def version(self) -> int:
        """Of its layout."""
        return version_of(self.document)


def read(path: str, text: str) -> ConfigFile:
    """Parse one file; the fault names it."""
    try:
        return ConfigFile(path, parse(text))
    except TomlError as error:
        raise StepFailed(f"{path}: {error}", reason="InvalidContainerdConfig") from error


def load(host: Host, root: str) -> list[ConfigFile]:
    """The root file and what it imports, breadth first like containerd itself; empty without a root file."""
    pending, seen, found = [root], set(), []
    while pending:
        path = pending.pop(0)
        if path in seen or not host.exists(path):
            continue
        seen.add(path)
        file = read(path, host.text(path))
        found.append(file)
        for pattern in import_patterns(file):
            pending += host.glob(pattern) if "*" in pattern else [pattern]
    return found


def import_patterns(file: ConfigFile) -> list[str]:
    """Absolute patterns of its imports; a relative one counts from the file's folder."""
    folder = posixpath.dirname(file.path)
    return [
        posixpath.normpath(posixpath.join(folder, item)) for item in file.document.values.get("imports", [])
    ]


def imports(file: ConfigFile, path: str) -> bool:
    """True when `path` is read because of this file."""
    return any(fnmatch.fnmatch(path, pattern) for pattern in import_patterns(file))


def effective(files: list[ConfigFile], setting: tuple[str, ...], major: int) -> tuple[Any, str]:
    """The value that counts and the file it comes from.

    containerd 2 merges deeply: the last file that says something wins. containerd 1 replaces the whole plugin
    section: only the last file that has the section counts.
    """
    if major < 2:
        having = [file for file in files if file.document.get(cri_table(file.version)) is not None]
        files = having[-1:]
    for file in reversed(files):
        value = file.document.get(where(setting, file.version))
        if value is not None:
            return value, file.path
    return None, ""


def unmet(files: list[ConfigFile], wanted: Wanted, major: int) -> dict[tuple[str, ...], str]:
    """Settings that the files do not give, each with the file that says otherwise."""
    found = {setting: effective(files, setting, major) for setting in wanted}
    return {setting: found[setting][1] for setting, value in wanted.items() if found[setting][0] != value}
