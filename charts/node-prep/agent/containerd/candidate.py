"""containerd itself judges a configuration before it replaces the old one.

`containerd config dump` runs the loader that the service runs, imports and version checks included. It does
not start plugins, so what it prints is then looked at: the runtimes are there and say what we want.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import Any

from agent.containerd.edit import set_value
from agent.containerd.files import ConfigFile
from agent.containerd.layout import Wanted, version_of, where
from agent.containerd.toml import Document, TomlError, parse
from agent.host import Host


@dataclass(frozen=True)
class ContainerdCandidate:
    """All files as they would be, the root file first."""

    files: tuple[ConfigFile, ...]
    changed: frozenset[str]
    wanted: Wanted

    def problem(self, host: Host, folder: str) -> str:
        """See Candidate.problem."""
        paths = [self._lay_out(host, folder, index) for index in range(1, len(self.files))]
        # The copy of the root names every file itself, so that no pattern brings the old ones in.
        root = set_value(self.files[0].document.text, ("imports",), paths) if paths else self._root_alone()
        target = f"{folder}/config.toml"
        host.disk.write(host.at(target), root.encode("utf-8", "surrogateescape"), 0o600)
        result = host.ask("containerd", "-c", target, "config", "dump")
        if not result.ok:
            return f"`containerd config dump` refuses it: {_last_line(result.stderr)}"
        try:
            return judge(parse(result.stdout), self.wanted)
        except TomlError as error:
            return f"`containerd config dump` printed something unreadable: {error}"

    def _lay_out(self, host: Host, folder: str, index: int) -> str:
        file = self.files[index]
        if file.path not in self.changed:
            return file.path
        path = f"{folder}/{index:02d}-{posixpath.basename(file.path)}"
        host.disk.write(host.at(path), file.document.text.encode("utf-8", "surrogateescape"), 0o600)
        return path

    def _root_alone(self) -> str:
        text = self.files[0].document.text
        return set_value(text, ("imports",), []) if "imports" in self.files[0].document.values else text


def judge(dump: Document, wanted: Wanted) -> str:
    """What is wrong with the configuration that containerd would run with."""
    version = version_of(dump)
    wrong = {
        where(setting, version): value for setting, value in wanted.items() if _not(dump, setting, value)
    }
    if wrong:
        return "it does not arrive: " + ", ".join(
            f"{'.'.join(path)} should be {value}" for path, value in wrong.items()
        )
    runtimes = dump.get(where(("runtimes",), version), {})
    default = dump.get(where(("default",), version), "runc")
    if default not in runtimes:
        return f"the default runtime {default} is not one of {', '.join(runtimes) or 'none'}"
    untyped = [name for name, value in runtimes.items() if not value.get("runtime_type")]
    if untyped:
        return f"runtime {untyped[0]} has no runtime_type: the CRI plugin would not load"
    disabled = dump.get(("disabled_plugins",), [])
    return "its CRI plugin is disabled" if any(str(name).endswith("cri") for name in disabled) else ""


def _not(dump: Document, setting: tuple[str, ...], value: Any) -> bool:
    return bool(dump.get(where(setting, version_of(dump))) != value)


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1] if lines else "no reason given"
