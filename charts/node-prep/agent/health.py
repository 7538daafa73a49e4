"""Probes of restarted services: each returns what is wrong, or nothing."""

from __future__ import annotations

from typing import Callable

from agent.host import Host
from agent.sockets import listening

Probe = Callable[[Host, str], str]

CONTAINERD_SOCKET = "/run/containerd/containerd.sock"
KUBELET_HEALTH_PORT = 10248
HEALTHY, RUNNING, STOPPED = "healthy", "running", "stopped"


def active(host: Host, unit: str) -> str:
    """systemd says the unit runs."""
    state = host.ask("systemctl", "is-active", unit).stdout.strip()
    return "" if state == "active" else f"systemctl is-active says {state or 'nothing'}"


def containerd(host: Host, unit: str) -> str:
    """Its CRI plugin is loaded: a running containerd without it leaves the node NotReady."""
    problem = active(host, unit)
    if problem:
        return problem
    listed = host.ask("ctr", "--address", CONTAINERD_SOCKET, "plugins", "ls")
    if listed.code == 127:
        return "" if host.at(CONTAINERD_SOCKET).is_socket() else f"{CONTAINERD_SOCKET} is not there"
    if not listed.ok:
        return f"it does not answer: {listed.stderr.strip()}"
    rows = [line.split() for line in listed.stdout.splitlines()]
    states = [
        row[-1]
        for row in rows
        if len(row) >= 3 and (row[1] == "cri" or row[0].startswith("io.containerd.cri."))
    ]
    if not states:
        return "its CRI plugin is not there"
    return "" if all(state == "ok" for state in states) else "its CRI plugin is not ok"


def rancher(host: Host, unit: str) -> str:
    """k3s and RKE2 carry containerd and the kubelet."""
    problem = active(host, unit)
    socket = "/run/k3s/containerd/containerd.sock"
    return problem or ("" if host.at(socket).is_socket() else f"{socket} is not there") or kubelet(host, unit)


def kubelet(host: Host, unit: str) -> str:
    """It serves its health endpoint, which it does only after it took its configuration."""
    problem = active(host, unit)
    if problem:
        return problem
    ports = {socket.port for socket in listening(host, "tcp")}
    return "" if KUBELET_HEALTH_PORT in ports else f"nothing listens on its health port {KUBELET_HEALTH_PORT}"


HEALTH: dict[str, Probe] = {
    "active": active,
    "containerd": containerd,
    "rancher": rancher,
    "kubelet": kubelet,
}


def unit_state(host: Host, unit: str, health: str) -> str:
    """How a unit is before it is touched."""
    if not HEALTH[health](host, unit):
        return HEALTHY
    return STOPPED if active(host, unit) else RUNNING
