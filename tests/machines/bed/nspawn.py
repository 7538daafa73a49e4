"""The systemd-nspawn process behind a running machine."""

from __future__ import annotations

import contextlib
import os
import shlex
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from generator.errors import CommandError
from tests.machines.bed import cgroups

BOOT_TIMEOUT = 180.0

# The machine keeps all capabilities, as a real one has them; its first process opens what nspawn closes.
COMMON = ("systemd-nspawn", "--quiet", "--register=no", "--keep-unit", "--console=pipe", "--resolv-conf=off",
          "--timezone=off", "--capability=all", "--bind=/dev/kmsg")  # fmt: skip
# nspawn's own filter would forbid calls that containers in the machine make.
ENVIRONMENT = {"SYSTEMD_SECCOMP": "0"}

Found = TypeVar("Found")


class Nspawn:
    """A machine's process on the host, and the one that is process 1 inside it."""

    def __init__(
        self, options: Sequence[str], init: str, *, namespace: str, group: str, console: Path
    ) -> None:
        self._console = console
        argv = [*in_group(group), "nsenter", f"--net=/run/netns/{namespace}", "--", *COMMON, *options, init]
        self._command = shlex.join(argv)
        with console.open("ab") as output:
            self._process = subprocess.Popen(
                argv,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                # Not ended together with the test run by Ctrl-C, but by the bed, in order.
                start_new_session=True,
                env={**os.environ, **ENVIRONMENT},
            )

    def find_init(self) -> int:
        """Wait for systemd inside; its process id on the host. Raises CommandError."""
        return self.wait_for(self._find_init)

    def wait_for(self, probe: Callable[[], Found | None]) -> Found:
        """Ask until there is an answer. Raises CommandError when the machine dies or takes too long."""
        deadline = time.monotonic() + BOOT_TIMEOUT
        while time.monotonic() < deadline and self._process.poll() is None:
            if (found := probe()) is not None:
                return found
            time.sleep(0.05)
        printed = self._console.read_text(errors="replace")
        raise CommandError("a machine did not boot", command=self._command, output=printed)

    def wait_until_gone(self) -> None:
        """Reap the process, which something else has ended."""
        self._process.wait(timeout=20)

    def _find_init(self) -> int | None:
        pid = self._process.pid
        with contextlib.suppress(OSError):
            for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
                if Path(f"/proc/{child}/comm").read_text() == "systemd\n":
                    return int(child)
        return None


def in_group(group: str) -> list[str]:
    """The start of a command that becomes part of a machine's cgroups."""
    joins = "".join(f"echo 0 > {file}; " for file in cgroups.join_files(group))
    return ["sh", "-c", f'{joins}exec "$@"', "sh"]
