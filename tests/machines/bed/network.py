"""The bed's cables: a switch in a namespace of its own, and one namespace per machine plugged into it.

Nothing here is connected to the host's own interfaces, so no packet of a test can leave.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Interface, IPv4Network
from pathlib import Path

from generator.cluster.runner import CommandRunner

NAMES = Path("/run/netns")


def namespaces(bed: str) -> list[str]:
    """The namespaces of one bed that are there."""
    return sorted(file.name for file in NAMES.glob(f"{bed}-*")) if NAMES.is_dir() else []


@dataclass(frozen=True)
class Switch:
    """A bridge that holds the network's first address: the machines' default route, leading nowhere."""

    bed: str
    network: IPv4Network
    runner: CommandRunner

    @property
    def namespace(self) -> str:
        """Also the place to run clients from, such as kubectl."""
        return f"{self.bed}-switch"

    @property
    def gateway(self) -> IPv4Interface:
        """The switch's own address."""
        return IPv4Interface(f"{self.network[1]}/{self.network.prefixlen}")

    def create(self) -> None:
        """Make the namespace and the bridge."""
        self._ip("netns", "add", self.namespace)
        self._inside(self.namespace, "link set lo up", "link add br0 type bridge forward_delay 0",
                     f"address add {self.gateway} dev br0", "link set br0 up")  # fmt: skip

    def plug(self, machine: str, address: str) -> str:
        """A fresh namespace with one cable to the switch, an address and a default route; its name."""
        namespace = f"{self.bed}-{machine}"
        self._ip("netns", "add", namespace)
        # The cable is made inside the namespaces: the host's interfaces never show it.
        self._inside(
            self.namespace,
            f"link add port-{machine} type veth peer name eth0 netns {namespace}",
            f"link set port-{machine} master br0 up",
        )
        self._inside(
            namespace,
            "link set lo up",
            f"address add {address}/{self.network.prefixlen} dev eth0",
            "link set eth0 up",
            f"route add default via {self.gateway.ip}",
        )
        return namespace

    def unplug(self, machine: str) -> None:
        """Delete a machine's namespace and with it all that its network held."""
        # The kernel clears a namespace later, and until then the port's name would be taken.
        self.runner.run(["ip", "-n", self.namespace, "link", "delete", f"port-{machine}"], check=False)
        remove_namespace(f"{self.bed}-{machine}", self.runner)

    def enter(self) -> list[str]:
        """The start of a command that runs on the host's disk but in the switch's network."""
        return ["nsenter", f"--net={NAMES / self.namespace}", "--"]

    def _inside(self, namespace: str, *commands: str) -> None:
        self.runner.run(["ip", "-n", namespace, "-batch", "-"], stdin="\n".join(commands) + "\n")

    def _ip(self, *words: str) -> None:
        self.runner.run(["ip", *words])


def remove_namespace(name: str, runner: CommandRunner) -> None:
    """Delete a namespace; nothing to do when it is not there."""
    if (NAMES / name).exists():
        runner.run(["ip", "netns", "delete", name])
