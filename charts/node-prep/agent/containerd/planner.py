"""From the files as they are to the files as they must be: pure."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass

from agent.containerd.edit import render, set_value, set_values
from agent.containerd.files import ROOT_FILE, ConfigFile, effective, imports, read, unmet
from agent.containerd.layout import Release, Wanted, at_version, cri_table
from agent.containerd.toml import TomlError
from agent.errors import StepFailed
from agent.names import CONTAINERD_DROP_IN, HEADER

DROP_IN = f"{posixpath.dirname(ROOT_FILE)}/conf.d/{CONTAINERD_DROP_IN}"
_EVERY = f"{posixpath.dirname(DROP_IN)}/*.toml"
_OURS = f"{posixpath.dirname(DROP_IN)}/zz-labhelm*.toml"


@dataclass(frozen=True)
class Situation:
    """What is found and wanted. `unread`: the drop-in folder has files that nothing imports."""

    files: tuple[ConfigFile, ...]
    wanted: Wanted
    release: Release
    unread: bool = False


def planned(situation: Situation) -> list[ConfigFile]:
    """All files in the order they count; StepFailed when there is no safe way."""
    release = situation.release
    try:
        files = [_with_cri(file) for file in situation.files]
        if not files:
            files = [read(ROOT_FILE, HEADER + f"version = {release.new_file_version}\n")]
        files[0] = _usable_root(files[0], release)
        result = _in_place(files, situation) if release.major < 2 else _by_drop_in(files, situation)
    except TomlError as error:
        raise StepFailed(f"containerd's configuration: {error}") from error
    for setting, path in unmet(result, situation.wanted, release.major).items():
        raise StepFailed(f"{path or ROOT_FILE} sets {'.'.join(setting)} after our drop-in: remove it there")
    return result


def _with_cri(file: ConfigFile) -> ConfigFile:
    """Docker's package disables the CRI plugin; the kubelet needs it."""
    disabled = file.document.get(("disabled_plugins",), [])
    left = [name for name in disabled if name != "cri" and not str(name).startswith("io.containerd.cri.")]
    left = [name for name in left if name != "io.containerd.grpc.v1.cri"]
    if left == disabled:
        return file
    return read(file.path, set_value(file.document.text, ("disabled_plugins",), left))


def _usable_root(root: ConfigFile, release: Release) -> ConfigFile:
    if root.version > release.newest_version:
        raise StepFailed(
            f"{root.path} has version {root.version}, but containerd {release.major}.{release.minor} reads "
            f"{release.newest_version} at most"
        )
    if root.version >= 2:
        return root
    if "plugins" in root.document.values:
        raise StepFailed(f"{root.path} has version 1: rewrite it with `containerd config migrate` first")
    return read(root.path, set_value(root.document.text, ("version",), release.new_file_version))


def _in_place(files: list[ConfigFile], situation: Situation) -> list[ConfigFile]:
    having = [index for index, file in enumerate(files) if file.document.get(cri_table(2)) is not None]
    index = having[-1] if having else 0
    values = at_version(situation.wanted, 2)
    if not situation.files:
        return [read(ROOT_FILE, render(2, values, HEADER))]
    files[index] = read(files[index].path, set_values(files[index].document.text, values))
    return files


def _by_drop_in(files: list[ConfigFile], situation: Situation) -> list[ConfigFile]:
    present = any(file.path == DROP_IN for file in files)
    if situation.files and not present and not unmet(files, situation.wanted, 2):
        return files
    root = files[0]
    text = render(root.version, at_version(situation.wanted, root.version), HEADER)
    ours = read(DROP_IN, text)
    if present:
        return [ours if file.path == DROP_IN else file for file in files]
    if imports(root, DROP_IN):
        return _sorted_in(files, ours)
    # Files that nothing read so far must not come to life by our import.
    pattern = _OURS if situation.unread else _EVERY
    listed = [*root.document.values.get("imports", []), pattern]
    files[0] = read(root.path, set_value(root.document.text, ("imports",), listed))
    return [*files, ours]


def _sorted_in(files: list[ConfigFile], ours: ConfigFile) -> list[ConfigFile]:
    folder = posixpath.dirname(ours.path)
    before = [
        i for i, file in enumerate(files) if posixpath.dirname(file.path) == folder and file.path < ours.path
    ]
    after = [
        i for i, file in enumerate(files) if posixpath.dirname(file.path) == folder and file.path > ours.path
    ]
    index = before[-1] + 1 if before else after[0] if after else len(files)
    return [*files[:index], ours, *files[index:]]


def has_mirror_tables(files: tuple[ConfigFile, ...], major: int) -> str:
    """The file with the old `registry.mirrors`, which must not stand beside config_path; empty if none."""
    value, path = effective(list(files), ("mirrors",), major)
    return path if value else ""
