"""NVIDIA's container toolkit on the host: what nvidia-ctk would register, without letting it write.

nvidia-ctk writes in place, without backup or check, and picks the version of its drop-in by itself. Its dry
run tells which program it would register; the files stay ours.
"""

from __future__ import annotations

import re

from agent.containerd.toml import TomlError, parse
from agent.host import Host

OPERATOR_TOOLKIT = "/usr/local/nvidia/toolkit/"
CDI_SPEC = "/etc/cdi/nvidia.yaml"
_REFRESHERS = ("/etc/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system")


def runtime_binary(host: Host, asked: str) -> str:
    """The runtime's program: what nvidia-ctk would register where it is installed, else `asked`."""
    if not host.has_program("nvidia-ctk"):
        return asked
    command = ("nvidia-ctk", "--quiet", "runtime", "configure", "--runtime=containerd", "--dry-run")
    said = host.ask(*command, "--config=/dev/null", "--config-source=file", f"--nvidia-runtime-path={asked}")
    return (_binary(said.stdout) if said.ok else "") or asked


def cdi_spec(host: Host) -> str | None:
    """The CDI specification of this machine's GPUs; None where NVIDIA's own service keeps one up to date."""
    if any(host.exists(f"{folder}/nvidia-cdi-refresh.service") for folder in _REFRESHERS):
        return None
    said = host.ask("nvidia-ctk", "--quiet", "cdi", "generate", timeout=120)
    return said.stdout if said.ok and said.stdout.strip() else None


def _binary(text: str) -> str:
    # It prints the drop-in and the root file one after the other: two documents.
    for part in re.split(r"\n(?=(?:imports|version) *=)", text):
        try:
            plugins = parse(part).get(("plugins",), {})
        except TomlError:
            continue
        for plugin in plugins.values():
            nvidia = plugin.get("containerd", {}).get("runtimes", {}).get("nvidia", {})
            if nvidia.get("options", {}).get("BinaryName"):
                return str(nvidia["options"]["BinaryName"])
    return ""
