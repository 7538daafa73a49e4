"""A network namespace of the cluster's own: nothing in it reaches, or is reached from, another machine.

A small process holds it, so that no name is left behind in /run/netns when everything has ended.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from pathlib import Path

from generator.cluster.local.processes import Process, kill, spawn
from generator.errors import CommandError

HOLDER = Path(__file__).with_name("holder.py")
HINT = (
    "run as root, or let users create namespaces: sysctl kernel.unprivileged_userns_clone=1 "
    "(Debian), kernel.apparmor_restrict_unprivileged_userns=0 (Ubuntu)"
)


def hold(folder: Path, *, rootless: bool, timeout: float = 10) -> Process:
    """Make the namespace of the cluster in `folder`, and start its holder.

    Raises CommandError where this machine does not allow it.
    """
    _need("unshare", "nsenter")
    ready = folder / "ready"
    ready.unlink(missing_ok=True)
    user = ("--user", "--map-root-user") if rootless else ()
    argv = ("unshare", *user, "--net", "--", sys.executable, "-I", str(HOLDER), str(ready))
    holder = spawn("namespace", argv, folder / "logs" / "namespace.log", folder)
    try:
        _wait(holder, ready, timeout)
    except BaseException:
        kill([holder])
        raise
    return holder


def prefix(holder: Process, *, rootless: bool) -> tuple[str, ...]:
    """What goes before a command to run it inside."""
    user = ("--user", "--preserve-credentials") if rootless else ()
    return ("nsenter", "--target", str(holder.pid), *user, "--net", "--")


def must_be_rootless() -> bool:
    """Whether only a user namespace lets us make a network namespace."""
    return os.geteuid() != 0


def _wait(holder: Process, ready: Path, timeout: float) -> None:
    deadline = time.monotonic() + timeout
    while not ready.exists():
        if not holder.alive or time.monotonic() > deadline:
            message = "this machine does not let us make a network namespace"
            raise CommandError(message, command="unshare --net", output=holder.log_tail(), hint=HINT)
        time.sleep(0.01)


def _need(*programs: str) -> None:
    for program in programs:
        if shutil.which(program) is None:
            raise CommandError(f"{program} was not found", command=program, hint="install util-linux")
