"""Reaches machines by the ssh client of this computer, with the settings of its owner."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from generator.cluster.runner import CommandRunner, Result
from generator.errors import CommandError
from generator.machines.cluster import Machine
from generator.machines.running.remote import UNIT, Task, remote_command, remote_text, shown
from generator.machines.running.trouble import Place, check_reached

OPTIONS = {
    # Never a question, never a key that nobody has checked.
    "BatchMode": "yes",
    "StrictHostKeyChecking": "yes",
    "ConnectTimeout": "15",
    # A machine that loses its power is noticed within a minute.
    "ServerAliveInterval": "15",
    "ServerAliveCountMax": "4",
    # The machine's own words stay free of banners; nothing of this computer is opened to it.
    "LogLevel": "ERROR",
    "ClearAllForwardings": "yes",
    "ForwardAgent": "no",
}


class Remote(Protocol):
    """Runs a machine's script on that machine."""

    def run(self, machine: Machine, task: Task) -> Result:
        """The script's own exit code and output.

        Raises CommandError when the machine cannot be reached or does not finish in time.
        """
        ...

    def place(self, machine: Machine) -> Place:
        """How the machine is reached."""
        ...


@dataclass
class SshRemote:
    """By ssh: user, port, key and jump host are those of ~/.ssh/config.

    `scripts` are the scripts by machine name, `seconds` limits the wait for one task, and `user` and `config`
    replace what ssh would take.
    """

    runner: CommandRunner
    scripts: Mapping[str, str]
    seconds: float = 900.0
    user: str = ""
    config: Path | None = None
    _places: dict[str, Place] = field(default_factory=dict)

    def run(self, machine: Machine, task: Task) -> Result:
        """See Remote.run."""
        place, script = self.place(machine), self.scripts[machine.name]
        command = remote_command(remote_text(machine.name, script, task))
        options = [f"-o{name}={value}" for name, value in OPTIONS.items()]
        argv = [*self._ssh(), "-T", *options, "--", place.destination, command]
        words = shown(machine.name, task.calls)
        try:
            said = self.runner.run(argv, stdin=script + task.payload, check=False, timeout=self.seconds)
        except CommandError:
            # Its own words have the machine's whole script in them.
            raise _took_too_long(place, words, self.seconds) from None
        check_reached(place, words, said)
        return said

    def place(self, machine: Machine) -> Place:
        """By its name when the ssh config says where that leads, else by its address."""
        if machine.name not in self._places:
            destination = machine.name if self._is_configured(machine.name) else machine.address
            command = shlex.join([*self._ssh(), destination])
            self._places[machine.name] = Place(machine.name, destination, command)
        return self._places[machine.name]

    def _ssh(self) -> list[str]:
        config = ["-F", str(self.config)] if self.config else []
        return ["ssh", *config, *(["-l", self.user] if self.user else [])]

    def _is_configured(self, name: str) -> bool:
        hint = "install OpenSSH's client (Debian: openssh-client)"
        said = self.runner.run([*self._ssh(), "-G", "--", name], hint=hint).stdout
        host = next((line.split()[1] for line in said.splitlines() if line.startswith("hostname ")), name)
        return host != name


def _took_too_long(place: Place, words: str, seconds: float) -> CommandError:
    return CommandError(
        f"{place.name} did not finish within {seconds:g} s",
        command=f"{place.ssh} {words}",
        hint=f"{place.ssh} systemctl status {UNIT}    shows if it still works; the same command waits for it",
    )
