"""Who listens where, from /proc alone: slim images and old hosts may have neither ss nor lsof."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass

from agent.host import Host

_LISTEN = {"tcp": "0A", "udp": "07"}


@dataclass(frozen=True)
class Listener:
    """One socket that waits for others."""

    port: int
    inode: str


def listening(host: Host, protocol: str) -> list[Listener]:
    """Listening sockets in the network namespace of the host's init."""
    found = []
    for family in (protocol, f"{protocol}6"):
        text = host.text(f"/proc/1/net/{family}") or host.text(f"/proc/net/{family}")
        for line in text.splitlines()[1:]:
            columns = line.split()
            if len(columns) > 9 and columns[3] == _LISTEN[protocol]:
                found.append(Listener(int(columns[1].rsplit(":", 1)[1], 16), columns[9]))
    return found


def owners(host: Host, inodes: set[str]) -> dict[str, str]:
    """Inode of a socket to "program (pid)"; one walk over /proc for all of them."""
    found: dict[str, str] = {}
    for folder in host.glob("/proc/[0-9]*"):
        for inode in _socket_inodes(host, folder):
            if inode in inodes and inode not in found:
                found[inode] = f"{host.text(f'{folder}/comm').strip() or '?'} ({folder.rsplit('/', 1)[1]})"
        if len(found) == len(inodes):
            break
    return found


def _socket_inodes(host: Host, folder: str) -> Iterator[str]:
    # A process may end while we look at it.
    with contextlib.suppress(OSError):
        for entry in os.scandir(host.at(f"{folder}/fd")):
            with contextlib.suppress(OSError):
                match = re.fullmatch(r"socket:\[(\d+)\]", os.readlink(entry.path))  # noqa: PTH115 - not a path
                if match:
                    yield match.group(1)
