"""Fake machines: a folder of rootfs/ as the root, and a runner that acts on that folder as programs would.

The state of services lies in `.fake/` of the folder, so that it survives a killed process.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import io
import json
import os
import shutil
import socket
import stat
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from agent import cli
from agent.containerd import edit
from agent.containerd.toml import Document, TomlError, parse
from agent.disk import Disk, Trace
from agent.engine import Ports
from agent.host import Host
from agent.runner import NSENTER, Result
from agent.settings import Settings
from agent.standalone import NoCluster, NoDrain, NoLease
from agent.validate import parse as parse_settings

HERE = Path(__file__).parent
AGENT_HOME = HERE.parents[2] / "charts" / "node-prep"
STATE = "var/lib/labhelm"
MODULE_SIGNS = {"br_netfilter": "proc/sys/net/bridge/bridge-nf-call-iptables"}


def settings_of(name: str, **changes: Any) -> Settings:
    value = json.loads((HERE / "settings" / f"{name}.json").read_text())
    return parse_settings({"mode": "apply", "healthSeconds": 0, **value, **changes})


@dataclass
class FakeMachine:
    """One machine; `calls` has every command without the way into the host."""

    root: Path
    calls: list[tuple[str, ...]] = field(default_factory=list)
    answers: dict[str, Callable[[list[str]], tuple[int, str]]] = field(default_factory=dict)

    @classmethod
    def make(cls, name: str, root: Path) -> FakeMachine:
        shutil.copytree(HERE / "rootfs" / name, root, symlinks=True)
        for folder in ("var/lib", ".fake", "etc/systemd/system", "dev"):
            (root / folder).mkdir(parents=True, exist_ok=True)
        (root / "dev/null").touch()
        for unit in ("containerd", "kubelet", "docker"):
            cls(root).service(unit, "active")
        return cls(root)

    def service(self, unit: str, state: str) -> None:
        (self.root / ".fake" / unit).write_text(state)

    def host(self, trace: Trace | None = None) -> Host:
        disk = Disk(trace, sync=False) if trace else Disk(sync=False)
        return Host(str(self.root), self, disk)

    def run_agent(
        self,
        command: str,
        settings: Settings,
        *,
        ports: Ports | None = None,
        trace: Trace | None = None,
        metrics: str = "",
        retry: bool = False,
        force: bool = False,
    ) -> tuple[int, str]:
        """Exit code and report of one run."""
        host = self.host(trace)
        options = argparse.Namespace(command=command, metrics=metrics, json=False, retry=retry, force=force)
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            code = cli.run(
                options, settings, host, ports or Ports(NoCluster(), NoDrain(host, drained=True), NoLease())
            )
        return code, said.getvalue()

    def snapshot(self, *, state: bool = False) -> dict[str, tuple[Any, ...]]:
        """Path to kind, mode, owner and content of everything; the agent's own records only with `state`."""
        found = {}
        for folder, folders, files in os.walk(self.root):
            for name in (*folders, *files):
                path = Path(folder, name)
                relative = str(path.relative_to(self.root))
                if state or not relative.startswith(STATE):
                    found[relative] = _describe(path)
        return found

    # -- the machine's programs -----------------------------------------------------------------------------

    def run(self, argv: Sequence[str], *, stdin: str = "", timeout: float = 60.0) -> Result:
        """CommandRunner: commands must come through the host's namespaces."""
        assert tuple(argv[: len(NSENTER)]) == NSENTER, argv
        command = list(argv[len(NSENTER) :])
        self.calls.append(tuple(command))
        assert "daemon-reload" not in command
        name = command[0]
        answer = self.answers.get(name) or getattr(self, "_" + name.replace("-", "_"), None)
        if answer is None:
            return Result(tuple(argv), 127, "", f"{name}: not found")
        code, output = answer(command[1:]) if name != "tee" else self._tee(command[1:], stdin)
        return Result(tuple(argv), code, output if code == 0 else "", output if code else "")

    def _path(self, name: str) -> Path:
        return self.root / name.lstrip("/")

    def _cat(self, args: list[str]) -> tuple[int, str]:
        path = self._path(args[0])
        return (0, path.read_text()) if path.is_file() else (1, f"cat: {args[0]}: No such file")

    def _tee(self, args: list[str], stdin: str) -> tuple[int, str]:
        path = self._path(args[0])
        if not path.exists():
            return 1, f"tee: {args[0]}: No such file or directory"
        path.write_text(stdin)
        return 0, stdin

    def _swapoff(self, args: list[str]) -> tuple[int, str]:
        file = self.root / "proc/swaps"
        (self.root / ".fake/swaps").write_text(file.read_text())
        file.write_text("".join(x for x in file.read_text().splitlines(True) if x.split()[0] != args[0]))
        return 0, ""

    def _swapon(self, args: list[str]) -> tuple[int, str]:
        file, before = self.root / "proc/swaps", HERE / "rootfs" / self.root.name / "proc/swaps"
        lines = {line.split()[0]: line for line in before.read_text().splitlines(True)}
        order = list(lines)
        present = {line.split()[0]: line for line in file.read_text().splitlines(True)}
        assert args[-1] not in present, "swapon of what is in use fails"
        present[args[-1]] = lines[args[-1]]
        priority = args[1] if args[0] == "-p" else "-1"
        assert (args[0] == "-p") == (int(lines[args[-1]].split()[4]) >= 0), priority
        file.write_text("".join(present[name] for name in order if name in present))
        (self.root / ".fake/swaps").unlink(missing_ok=True)
        return 0, ""

    def _modprobe(self, args: list[str]) -> tuple[int, str]:
        file, name = self.root / "proc/modules", args[-1]
        lines = [line for line in file.read_text().splitlines(True) if line.split()[0] != name]
        sign = self.root / MODULE_SIGNS.get(name, f".fake/module-{name}")
        if args[0] == "-r":
            sign.unlink(missing_ok=True)
            for folder in [*sign.parents][:2] if name in MODULE_SIGNS else []:
                with contextlib.suppress(OSError):
                    folder.rmdir()
        else:
            lines.append(f"{name} 16384 0 - Live 0x0000000000000000\n")
            sign.parent.mkdir(parents=True, exist_ok=True)
            sign.write_text("0\n")
        file.write_text("".join(lines))
        return 0, ""

    def _apt_mark(self, args: list[str]) -> tuple[int, str]:
        file = self.root / "var/lib/dpkg/status"
        old, new = ("install", "hold") if args[0] == "hold" else ("hold", "install")
        head = f"Package: {args[1]}\nStatus: "
        file.write_text(file.read_text().replace(f"{head}{old} ", f"{head}{new} "))
        return 0, f"{args[1]} set on hold."

    def _systemctl(self, args: list[str]) -> tuple[int, str]:
        file = self.root / ".fake" / args[-1]
        if args[0] == "is-active":
            state = file.read_text() if file.exists() else "inactive"
            return (0, "active") if state == "active" else (0, state)
        assert args[0] in ("restart", "reload", "stop"), args
        file.write_text("inactive" if args[0] == "stop" else "active")
        return 0, ""

    def _ctr(self, args: list[str]) -> tuple[int, str]:
        state = "error" if (self.root / ".fake/containerd.broken").exists() else "ok"
        return 0, f"TYPE ID PLATFORMS STATUS\nio.containerd.grpc.v1 cri linux/amd64 {state}\n"

    def _dockerd(self, args: list[str]) -> tuple[int, str]:
        assert args[:2] == ["--validate", "--config-file"]
        json.loads(self._path(args[2]).read_text())
        return 0, "configuration OK"

    def _containerd(self, args: list[str]) -> tuple[int, str]:
        if args == ["--version"]:
            return self._cat(["/usr/bin/containerd"])
        try:
            return 0, self._dump(args[1])
        except TomlError as error:
            return 1, f"containerd: failed to load TOML: {error}"

    def _dump(self, root: str) -> str:
        """What `config dump` prints: merged as the major version does, without most defaults."""
        documents = list(self._documents(root))
        result: dict[str, Any] = {}
        first = " v2." in self._path("/usr/bin/containerd").read_text()
        version = documents[0].values.get("version", 1)
        for document in documents:
            if document.values.get("version", 1) > version:
                raise TomlError("drop-in config version higher than root config version")
            _merge(result, document.values, deep=first)
        result.pop("imports", None)
        return edit.render(result.pop("version"), _flat(result), "")

    def _documents(self, root: str) -> Sequence[Document]:
        found = [parse(self._path(root).read_text())]
        for pattern in found[0].values.get("imports", []):
            paths = sorted(self.root.glob(pattern.lstrip("/"))) if "*" in pattern else [self._path(pattern)]
            found += [parse(path.read_text()) for path in paths]
        return found


def _merge(into: dict[str, Any], more: dict[str, Any], *, deep: bool, level: int = 0) -> None:
    for key, value in more.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict) and (deep or level < 1):
            _merge(into[key], value, deep=deep, level=level + 1)
        else:
            into[key] = json.loads(json.dumps(value))


def _flat(values: dict[str, Any], prefix: tuple[str, ...] = ()) -> dict[tuple[str, ...], Any]:
    found: dict[tuple[str, ...], Any] = {}
    for key, value in values.items():
        if isinstance(value, dict):
            found.update(_flat(value, (*prefix, key)))
        elif not (isinstance(value, list) and value and isinstance(value[0], dict)):
            found[(*prefix, key)] = value
    return found


def _describe(path: Path) -> tuple[Any, ...]:
    found = path.lstat()
    mode = stat.S_IMODE(found.st_mode)
    if path.is_symlink():
        return "link", str(path.readlink())
    if path.is_dir():
        return "directory", mode, found.st_uid, found.st_gid
    if not path.is_file():
        return "other", mode
    return "file", mode, found.st_uid, found.st_gid, hashlib.sha256(path.read_bytes()).hexdigest()


def make_socket(path: Path) -> None:
    """A socket's file, as a running service leaves it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    here = Path.cwd()
    with socket.socket(socket.AF_UNIX) as listener:
        # The name of a socket may be 107 bytes at most.
        os.chdir(path.parent)
        try:
            listener.bind(path.name)
        finally:
            os.chdir(here)


def difference(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """Paths that differ, for readable failures."""
    keys = sorted(before.keys() | after.keys())
    return {key: (before.get(key), after.get(key)) for key in keys if before.get(key) != after.get(key)}


Machine = Callable[[str], FakeMachine]
