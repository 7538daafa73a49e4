"""One machine of a bed: a Debian system booted by systemd-nspawn."""

from __future__ import annotations

import io
import shlex
import subprocess
import tarfile
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from generator.cluster.runner import CommandRunner, Result
from generator.errors import CommandError
from tests.machines.bed import cgroups
from tests.machines.bed.disk import INIT, Disk
from tests.machines.bed.network import Switch
from tests.machines.bed.nspawn import Nspawn, in_group

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
ENVIRONMENT = ("env", "-i", f"PATH={PATH}", "HOME=/root", "LANG=C.UTF-8")
NAMESPACES = ("--mount", "--uts", "--ipc", "--net", "--pid", "--cgroup")
# What `timeout` exits with when it had to stop the command.
TIMED_OUT = 124


@dataclass
class Machine:
    """A machine by name; `binds` are folders of the host that it sees read-only (path inside -> folder).

    `shares` it sees with the right to write: one folder for several machines, in place of NFS.
    """

    name: str
    address: str
    bed: str
    disk: Disk
    switch: Switch
    runner: CommandRunner
    binds: Mapping[str, Path] = field(default_factory=dict)
    shares: Mapping[str, Path] = field(default_factory=dict)
    _nspawn: Nspawn | None = None
    _init: int = 0

    @property
    def group(self) -> str:
        """The machine's cgroup below the beds' common one."""
        return f"{self.bed}/{self.name}"

    @property
    def is_on(self) -> bool:
        """Whether the machine runs."""
        return self._nspawn is not None

    def power_on(self) -> None:
        """Boot and wait until systemd has started everything. Raises CommandError."""
        namespace = self.switch.plug(self.name, self.address)
        self._write_identity()
        cgroups.create(self.group)
        options = [f"--directory={self.disk.root}", f"--machine={self.bed}-{self.name}"]
        options += [f"--hostname={self.name}"]
        options += [
            f"--bind={source}:{inside}" for inside, source in {**self.disk.data, **self.shares}.items()
        ]
        options += [f"--bind-ro={source}:{inside}" for inside, source in self.binds.items()]
        self._nspawn = Nspawn(options, INIT, namespace=namespace, group=self.group, console=self.disk.console)
        self._init = self._nspawn.find_init()
        if (state := self._nspawn.wait_for(self._booted)) != "running":
            failed = self.run("systemctl --failed; journalctl --no-pager -n 60", check=False).stdout
            raise CommandError(f"{self.name} booted {state}", command=f"boot {self.name}", output=failed)

    def power_off_hard(self) -> None:
        """Pull the plug: everything in the machine dies at once, what was not yet on disk is lost to it."""
        cgroups.kill(self.group)
        if self._nspawn is not None:
            self._nspawn.wait_until_gone()
        self._nspawn, self._init = None, 0
        self.switch.unplug(self.name)
        cgroups.remove(self.group)

    def boot_again(self) -> None:
        """Power on again after `power_off_hard`, with the same disk."""
        self.power_on()

    def run(
        self,
        command: str | Sequence[str],
        *,
        stdin: str | None = None,
        check: bool = True,
        timeout: float = 60.0,
    ) -> Result:
        """Run a program, or a bash script that stops at its first error, as root on the machine.

        `timeout` is in seconds; the command is killed then. Raises CommandError.
        """
        argv = _argv(command)
        guarded = [*self.enter(), "timeout", "--kill-after=5", f"{timeout:g}", *argv]
        done = self.runner.run(guarded, stdin=stdin, timeout=timeout + 15, check=False)
        if check and done.code:
            why = "took too long" if done.code == TIMED_OUT else f"failed with exit code {done.code}"
            output = f"{done.stdout}\n{done.stderr}"
            raise CommandError(f"on {self.name} a command {why}", command=shlex.join(argv), output=output)
        return Result(tuple(argv), done.code, done.stdout, done.stderr, done.seconds)

    def enter(self) -> list[str]:
        """The start of a command on the host's side that continues inside the machine, in its cgroups too."""
        if not self._init:
            raise CommandError(f"{self.name} is switched off", command=f"enter {self.name}")
        return [*in_group(self.group), "nsenter", f"--target={self._init}", *NAMESPACES, "--", *ENVIRONMENT]

    def push(self, path: str, content: bytes | str, *, mode: int = 0o644) -> None:
        """Write a file, whole or not at all, with its folders."""
        data = content.encode() if isinstance(content, str) else content
        script = 'mkdir -p "${1%/*}"; cat > "$1.new"; chmod "$2" "$1.new"; mv "$1.new" "$1"'
        self._pipe(["sh", "-ec", script, "sh", path, f"{mode:o}"], data)

    def push_tree(self, files: Mapping[str, tuple[str, int]]) -> None:
        """Write many files (path -> text and mode) in one go."""
        archive = io.BytesIO()
        with tarfile.open(fileobj=archive, mode="w") as tar:
            for path, (text, mode) in files.items():
                entry = tarfile.TarInfo(path.lstrip("/"))
                entry.size, entry.mode, entry.mtime = len(text.encode()), mode, int(time.time())
                tar.addfile(entry, io.BytesIO(text.encode()))
        self._pipe(["tar", "-C", "/", "--keep-directory-symlink", "-xf", "-"], archive.getvalue())

    def pull(self, path: str) -> bytes:
        """Read a file."""
        return self._pipe(["cat", path], b"")

    def logs(self) -> dict[str, str]:
        """What the machine wrote, by file name; works when it is off, too."""
        journal = ["journalctl", f"--directory={self.disk.root}/var/log/journal", "--no-pager"]
        found = {
            "console.log": self.disk.console.read_text(errors="replace"),
            "journal.log": self.runner.run([*journal, "--output=short-precise"], check=False).stdout,
        }
        for file in sorted((self.disk.root / "var/log/pods").rglob("*.log")):
            found["pods/" + "_".join(file.parts[-3:])] = file.read_text(errors="replace")
        return found

    def memory(self) -> int:
        """Bytes in use by the machine's processes, without page cache."""
        return cgroups.memory_in_use(self.group)

    def _write_identity(self) -> None:
        """Name, id and name service; on later boots what the machine made of them stays."""
        texts = {
            "hostname": f"{self.name}\n",
            "machine-id": f"{uuid.uuid4().hex}\n",
            "hosts": f"127.0.0.1 localhost\n{self.address} {self.name}\n",
            # Nobody answers there, and says so at once.
            "resolv.conf": f"nameserver {self.switch.gateway.ip}\n",
        }
        for name, text in texts.items():
            file = self.disk.root / "etc" / name
            if not file.exists():
                file.write_text(text)

    def _booted(self) -> str | None:
        state = self.run(["systemctl", "is-system-running", "--wait"], check=False).stdout.strip()
        return state if state in {"running", "degraded", "maintenance"} else None

    def _pipe(self, argv: Sequence[str], data: bytes) -> bytes:
        whole = [*self.enter(), *argv]
        done = subprocess.run(whole, input=data, capture_output=True, check=False, timeout=120)
        if done.returncode:
            output = done.stderr.decode(errors="replace")
            raise CommandError(
                f"on {self.name} a file could not be moved", command=shlex.join(argv), output=output
            )
        return done.stdout


def _argv(command: str | Sequence[str]) -> list[str]:
    return ["bash", "-euo", "pipefail", "-c", command] if isinstance(command, str) else list(command)
