"""ssh from the host into machines, as an administrator has it: a key, a config, and known host keys."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.machines.bed.bed import Bed, at_once
from tests.machines.bed.machine import Machine

HOST_KEY = "/etc/ssh/ssh_host_ed25519_key"
USER = "admin"
"""Who logs in: not root, with sudo that asks for no password."""


@dataclass(frozen=True)
class Access:
    """The administrator's files in a folder of the bed; ssh takes nothing else into account."""

    bed: Bed

    @property
    def config(self) -> Path:
        """To be given to ssh with -F."""
        return self.bed.folder / "ssh_config"

    @property
    def known_hosts(self) -> Path:
        """Empty until `know`."""
        return self.bed.folder / "known_hosts"

    def open(self, machines: Iterable[Machine], *, as_root: str = "") -> None:
        """Start the machines' ssh servers; one machine, by name, takes root and is known by name alone."""
        key = self.bed.folder / "key"
        self.bed.runner.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)])
        public = key.with_suffix(".pub").read_text()
        at_once(*(lambda m=m: _listen(m, public, root=m.name == as_root) for m in machines))
        own = (
            f"Host {as_root}\n  HostName {self.bed.machines[as_root].address}\n  User root\n"
            if as_root
            else ""
        )
        common = f"  User {USER}\n  IdentityFile {key}\n  IdentitiesOnly yes\n"
        known = f"  UserKnownHostsFile {self.known_hosts}\n  GlobalKnownHostsFile none\n"
        self.config.write_text(f"{own}Host *\n{common}{known}")
        self.known_hosts.touch()

    def know(self, machines: Iterable[Machine]) -> None:
        """Take the host keys over from the machines themselves."""
        lines = [f"{one.address} {one.pull(HOST_KEY + '.pub').decode()}" for one in machines]
        self.known_hosts.write_text("".join(lines))


def _listen(machine: Machine, public: str, *, root: bool) -> None:
    """An ssh server with a key of its own, and somebody who may log in."""
    machine.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", HOST_KEY])
    home = "/root" if root else f"/home/{USER}"
    if not root:
        machine.run(f"useradd --create-home --shell /bin/bash --password '*' {USER}")
        machine.push(f"/etc/sudoers.d/{USER}", f"{USER} ALL=(ALL) NOPASSWD: ALL\n", mode=0o440)
    machine.push(f"{home}/.ssh/authorized_keys", public)
    machine.run(f"chmod 700 {home}/.ssh; chown -R --reference={home} {home}/.ssh; systemctl start ssh")
