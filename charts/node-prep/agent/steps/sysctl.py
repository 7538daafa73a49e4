"""Kernel parameters: a drop-in of our own, and the effective value.

A drop-in that is read after ours and says otherwise is named: the running value is right until the next
start, and that kind of fault is found months later.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from agent.actions.runtime import SetSysctl
from agent.host import Host
from agent.names import HEADER, INOTIFY_FILE, SYSCTL_FILE
from agent.steps.base import FAILED, Finding, Place, StepPlan, View, find, put

# The order in which one name hides another (sysctl.d(5)); /etc/sysctl.conf is read last by procps.
_FOLDERS = ("/etc/sysctl.d", "/run/sysctl.d", "/usr/local/lib/sysctl.d", "/usr/lib/sysctl.d", "/lib/sysctl.d")


@dataclass(frozen=True)
class Override:
    """A line read after our file that sets one of our keys."""

    where: str
    key: str
    value: str


@dataclass(frozen=True)
class SysctlFacts:
    """`wanted` is what the drop-in must say, `effective` what the kernel says (None: no such key)."""

    drop_in: Place
    wanted: Mapping[str, str]
    effective: Mapping[str, str | None]
    overrides: tuple[Override, ...]
    at_least: bool
    modules: bool


class SysctlStep:
    """Exact values."""

    name = "sysctl"
    file = SYSCTL_FILE
    at_least = False

    def wanted(self, view: View) -> dict[str, str]:
        """Key to value, blanks made single."""
        return {key: " ".join(value.split()) for key, value in view.settings.sysctls.items()}

    def inspect(self, view: View) -> SysctlFacts:
        """See Step.inspect."""
        wanted = self.wanted(view)
        return SysctlFacts(
            drop_in=find(view.host, self.file),
            wanted=wanted,
            effective={key: view.host.sysctl(key) for key in wanted},
            overrides=tuple(later_lines(view.host, self.file, wanted)),
            at_least=self.at_least,
            modules=bool(view.settings.modules),
        )

    def plan(self, facts: SysctlFacts) -> StepPlan:
        """See Step.plan."""
        unknown = [key for key, value in facts.effective.items() if value is None]
        if unknown and not facts.modules:
            return StepPlan(refusal=f"this kernel has no {', '.join(unknown)}, and no module is asked for")
        lines = "".join(f"{key} = {value}\n" for key, value in facts.wanted.items())
        drop_in = put(facts.drop_in, HEADER + lines if lines else None)
        changes = tuple(
            SetSysctl(key, facts.effective[key] or "", value)
            for key, value in facts.wanted.items()
            if not _enough(facts.effective[key], value, facts.at_least)
        )
        findings = tuple(
            Finding(
                FAILED,
                f"{item.where} sets {item.key} = {item.value} after our file: it wins at the next start",
            )
            for item in facts.overrides
            if not _enough(item.value, facts.wanted[item.key], facts.at_least)
        )
        return StepPlan(actions=(*drop_in, *changes), findings=findings)


class InotifyStep(SysctlStep):
    """Lower bounds for inotify: a higher value on the host stays, in the running kernel and in our file."""

    name = "inotify"
    file = INOTIFY_FILE
    at_least = True

    def wanted(self, view: View) -> dict[str, str]:
        """See SysctlStep.wanted."""
        limits = view.settings.inotify
        asked = {
            "fs.inotify.max_user_instances": limits.max_user_instances,
            "fs.inotify.max_user_watches": limits.max_user_watches,
        }
        return {key: str(max(value, _number(view.host.sysctl(key)))) for key, value in asked.items() if value}


def later_lines(host: Host, ours: str, keys: Mapping[str, str]) -> list[Override]:
    """The last line of every file read after ours that sets one of `keys`."""
    names: dict[str, str] = {}
    for folder in _FOLDERS:
        for path in host.glob(f"{folder}/*.conf"):
            names.setdefault(path.rsplit("/", 1)[1], path)
    own = ours.rsplit("/", 1)[1]
    later = [names[name] for name in sorted(names) if name > own]
    files = dict.fromkeys(host.resolve(path) for path in [*later, "/etc/sysctl.conf"])
    return [item for path in files for item in _settings(host, path) if item.key in keys]


def _settings(host: Host, path: str) -> list[Override]:
    found = {}
    for number, line in enumerate(host.text(path).splitlines(), 1):
        key, separator, value = line.partition("=")
        name = _dotted(key.strip().lstrip("-").strip())
        if separator and not line.lstrip().startswith(("#", ";")):
            found[name] = Override(f"{path}:{number}", name, " ".join(value.split()))
    return list(found.values())


def _dotted(key: str) -> str:
    """`net/ipv4/ip_forward` is the same key; whichever separator comes first is the separator."""
    first = min((key.find(sign), sign) for sign in "./" if sign in key)[1] if set(key) & set("./") else "."
    return key if first == "." else key.translate(str.maketrans("./", "/."))


def _enough(value: str | None, wanted: str, at_least: bool) -> bool:
    return value == wanted if not at_least else value is not None and _number(value) >= _number(wanted)


def _number(value: str | None) -> int:
    return int(value) if value and value.isdigit() else 0
