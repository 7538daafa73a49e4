"""The machine under `root`: its files, and its programs."""

from __future__ import annotations

import glob
import os
from collections.abc import Sequence
from pathlib import Path

from agent.disk import Disk
from agent.errors import StepFailed
from agent.runner import NSENTER, CommandRunner, Result, SystemRunner

MAX_LINKS = 40  # as the kernel


class Host:
    """Paths are written as the host sees them ("/etc/fstab"); `root` is where we see the host's "/"."""

    def __init__(
        self, root: str = "/", runner: CommandRunner | None = None, disk: Disk | None = None
    ) -> None:
        self.root = Path(root)
        self.runner: CommandRunner = runner or SystemRunner()
        self.disk = disk or Disk()

    @property
    def in_pod(self) -> bool:
        """True when the host is somewhere else than at "/", so that its programs need its namespaces."""
        return str(self.root) != "/"

    def at(self, path: str) -> Path:
        """Where `path` is for us; the last component is not followed."""
        return self.root / path.lstrip("/")

    def resolve(self, path: str, *, last: bool = True) -> str:
        """`path` without symbolic links, each followed inside the root (never out of the host's tree)."""
        pending = [part for part in path.split("/") if part]
        done: list[str] = []
        hops = 0
        while pending:
            part = pending.pop(0)
            if part in (".", ""):
                continue
            if part == "..":
                done = done[:-1]
                continue
            here = self.at("/".join([*done, part]))
            if here.is_symlink() and (pending or last):
                hops += 1
                if hops > MAX_LINKS:
                    raise StepFailed(f"{path}: too many symbolic links")
                target = os.readlink(here)  # noqa: PTH115 - /proc links need their text as it is
                done = [] if target.startswith("/") else done
                pending = [piece for piece in target.split("/") if piece] + pending
                continue
            done.append(part)
        return "/" + "/".join(done)

    def real(self, path: str) -> Path:
        """Where the file that `path` finally means is for us."""
        return self.at(self.resolve(path))

    def exists(self, path: str) -> bool:
        """True when something is there, a dangling link not counted."""
        return self.real(path).exists()

    def is_dir(self, path: str) -> bool:
        """True for a directory."""
        return self.real(path).is_dir()

    def read(self, path: str) -> bytes | None:
        """The content, or None when there is no such file."""
        try:
            return self.real(path).read_bytes()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None

    def text(self, path: str) -> str:
        """The content as text, empty when there is no such file; odd bytes survive a round trip."""
        return (self.read(path) or b"").decode("utf-8", "surrogateescape")

    def glob(self, pattern: str) -> list[str]:
        """The host's paths that match, sorted."""
        base = str(self.root).rstrip("/")
        found = glob.glob(glob.escape(base) + pattern)  # noqa: PTH207 - absolute pattern
        return sorted(name[len(base) :] for name in found)

    def run(
        self, argv: Sequence[str], *, stdin: str = "", timeout: float = 60.0, check: bool = True
    ) -> Result:
        """Run a program on the host; with `check` a failure raises CommandFailed."""
        with self.disk.point("run", " ".join(argv)):
            result = self._enter(argv, stdin, timeout)
        if check and not result.ok:
            raise result.failure()
        return result

    def ask(self, *argv: str, timeout: float = 20.0) -> Result:
        """Run a program that only looks; its failure is an answer too."""
        return self._enter(argv, "", timeout)

    def _enter(self, argv: Sequence[str], stdin: str, timeout: float) -> Result:
        command = (*NSENTER, *argv) if self.in_pod else tuple(argv)
        result = self.runner.run(command, stdin=stdin, timeout=timeout)
        refused = result.stderr.startswith("nsenter: ") and "failed to execute" not in result.stderr
        if self.in_pod and not result.ok and (refused or result.stderr == "nsenter: not found"):
            # Not the program's answer: taken as one, every sysctl would seem to be missing.
            raise StepFailed(
                f"cannot enter the host: {result.stderr.strip()} (the pod must be privileged, with hostPID)",
                reason="NoHostAccess",
            )
        return result

    def has_program(self, name: str) -> bool:
        """True when a program is in one of the usual directories."""
        folders = ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")
        return any(self.exists(f"{folder}/{name}") for folder in folders)

    def sysctl(self, key: str) -> str | None:
        """The effective value, blanks made single; None when this kernel does not have the key.

        In a pod it is asked through the host's namespaces: net.* belongs to the reader's network namespace.
        """
        path = sysctl_path(key)
        if not self.in_pod:
            return " ".join(self.text(path).split()) if self.exists(path) else None
        result = self.ask("cat", path)
        return " ".join(result.stdout.split()) if result.ok else None

    def set_sysctl(self, key: str, value: str) -> None:
        """Change the running kernel's value."""
        self.run(["tee", sysctl_path(key)], stdin=value + "\n")


def sysctl_path(key: str) -> str:
    """The file of a sysctl; as in sysctl.d(5), `/` stands for a dot inside a name."""
    return "/proc/sys/" + key.translate(str.maketrans("./", "/."))
