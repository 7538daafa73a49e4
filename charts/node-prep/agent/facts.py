"""Small questions about the running system that steps and actions share."""

from __future__ import annotations

import re

from agent.host import Host

# A module built into a kernel without a module directory is in no list; what it brings shows it.
_SIGNS = {
    "br_netfilter": "/proc/sys/net/bridge/bridge-nf-call-iptables",
    "nf_conntrack": "/proc/sys/net/netfilter",
    "ip_vs": "/proc/net/ip_vs",
    "nvidia": "/proc/driver/nvidia/version",
}


def active_swaps(host: Host) -> dict[str, int]:
    """Device or file to priority, from /proc/swaps."""
    found = {}
    for line in host.text("/proc/swaps").splitlines()[1:]:
        columns = line.split()
        if len(columns) == 5:
            found[_unescape(columns[0])] = int(columns[4])
    return found


def _unescape(name: str) -> str:
    """The kernel writes blanks in names as octal."""
    return re.sub(r"\\([0-7]{3})", lambda match: chr(int(match.group(1), 8)), name)


def kernel_release(host: Host) -> str:
    """As `uname -r`; the pod's kernel is the host's."""
    return host.text("/proc/sys/kernel/osrelease").strip()


def module_built_in(host: Host, name: str) -> bool:
    """Part of the kernel itself: there is nothing to load, and modprobe may not even exist."""
    wanted = name.replace("-", "_")
    listed = host.text(f"/lib/modules/{kernel_release(host)}/modules.builtin")
    names = {line.rsplit("/", 1)[-1].split(".ko")[0].replace("-", "_") for line in listed.split()}
    return wanted in names or (not _listed_as_loaded(host, wanted) and _shows(host, wanted))


def module_loaded(host: Host, name: str) -> bool:
    """Loaded, or built in."""
    wanted = name.replace("-", "_")
    return _listed_as_loaded(host, wanted) or module_built_in(host, wanted)


def _listed_as_loaded(host: Host, name: str) -> bool:
    return any(line.split(" ", 1)[0] == name for line in host.text("/proc/modules").splitlines())


def _shows(host: Host, name: str) -> bool:
    signs = [f"/sys/module/{name}", *([_SIGNS[name]] if name in _SIGNS else [])]
    return name in host.text("/proc/filesystems").split() or any(host.exists(sign) for sign in signs)


def held_packages(host: Host, tool: str) -> set[str]:
    """Names of the packages that are held."""
    if tool == "apt":
        return {name for name, status in dpkg_status(host).items() if status.startswith("hold ")}
    listed = host.ask("dnf", "-q", "versionlock", "list").stdout.split()
    return {re.sub(r"-\d+:.*|-[^-]+-[^-]+$", "", line) for line in listed}


def dpkg_status(host: Host) -> dict[str, str]:
    """Package to its status ("hold ok installed"), read without starting dpkg."""
    found = {}
    for block in host.text("/var/lib/dpkg/status").split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line and line[0] != " ")
        if "Package" in fields:
            found[fields["Package"]] = fields.get("Status", "")
    return found


def os_release(host: Host) -> dict[str, str]:
    """/etc/os-release as a dictionary."""
    text = host.text("/etc/os-release") or host.text("/usr/lib/os-release")
    pairs = (line.split("=", 1) for line in text.splitlines() if "=" in line and not line.startswith("#"))
    return {key: value.strip().strip("\"'") for key, value in pairs}
