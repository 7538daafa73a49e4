"""k3s and RKE2: they carry containerd and write its configuration at every start."""

from __future__ import annotations

from agent.host import Host
from agent.settings import Containerd

UNITS = {"k3s": ("k3s", "k3s-agent"), "rke2": ("rke2-server", "rke2-agent")}


def rancher_flavour(host: Host, settings: Containerd) -> str:
    """k3s, rke2, or empty for a containerd of its own."""
    if settings.flavour != "auto":
        return "" if settings.flavour == "containerd" else settings.flavour
    found = [
        name
        for name in UNITS
        if host.is_dir(f"/var/lib/rancher/{name}") or host.is_dir(f"/etc/rancher/{name}")
    ]
    return found[0] if found else ""


def config_dir(flavour: str) -> str:
    """Where it writes config.toml and reads a template of it."""
    return f"/var/lib/rancher/{flavour}/agent/etc/containerd"


def running_unit(host: Host, flavour: str) -> str:
    """The unit that runs; empty before the machine joined."""
    for unit in UNITS[flavour]:
        if host.ask("systemctl", "is-active", unit).stdout.strip() == "active":
            return unit
    return ""
