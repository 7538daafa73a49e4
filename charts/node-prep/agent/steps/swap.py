"""Swap off, now and after a reboot.

Only entries of /etc/fstab whose type field is `swap` are commented out: a comment or a path that contains the
word stays. Swap that systemd units or zram services bring is masked by a link to /dev/null, written directly:
`systemctl mask` would reload systemd, which detaches GPUs from running containers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from agent.actions.base import Action
from agent.actions.files import FileAction
from agent.actions.runtime import SwapOff
from agent.facts import active_swaps
from agent.filestate import link_to, look
from agent.host import Host
from agent.steps.base import WARNING, Finding, Place, StepPlan, View, find, put

_UNIT_FOLDERS = (
    "/etc/systemd/system",
    "/run/systemd/system",
    "/run/systemd/generator",
    "/run/systemd/generator.late",
    "/usr/local/lib/systemd/system",
    "/usr/lib/systemd/system",
    "/lib/systemd/system",
)
_SERVICES = (
    "zramswap.service",
    "zram-config.service",
)  # zram-tools; zram-config. zram-generator makes *.swap
_MARK = "# off for Kubernetes (Labhelm): "


@dataclass(frozen=True)
class SwapFacts:
    """What brings swap to this machine."""

    wanted: str
    fstab: Place
    active: dict[str, int]
    units: tuple[Place, ...]  # where the masks belong
    fail_swap_on: bool


class SwapStep:
    """See the module's text."""

    name = "swap"

    def inspect(self, view: View) -> SwapFacts:
        """See Step.inspect."""
        host, settings = view.host, view.settings
        return SwapFacts(
            wanted=settings.swap,
            fstab=find(host, "/etc/fstab"),
            active=active_swaps(host),
            units=tuple(_mask_place(host, unit) for unit in _unmasked(host))
            if settings.swap == "off"
            else (),
            fail_swap_on=settings.swap == "leave"
            and settings.kubelet.config.get("failSwapOn", True) is not False,
        )

    def plan(self, facts: SwapFacts) -> StepPlan:
        """See Step.plan."""
        if facts.wanted != "off":
            risky = facts.active and facts.fail_swap_on
            message = f"swap is on ({', '.join(facts.active)}) and the kubelet refuses to start with it"
            return StepPlan(findings=(Finding(WARNING, message),) if risky else ())
        files = put(facts.fstab, without_swap(facts.fstab.text)) if facts.fstab.state.kind == "file" else ()
        masks: tuple[Action, ...] = tuple(
            FileAction(place.path, place.state, link_to("/dev/null")) for place in facts.units
        )
        off = tuple(SwapOff(device, priority) for device, priority in facts.active.items())
        return StepPlan(actions=(*files, *masks, *off))


def without_swap(fstab: str) -> str:
    """/etc/fstab with its swap entries commented out and every other byte as it was."""
    return "".join(_comment(line) for line in re.split(r"(?<=\n)", fstab))


def _comment(line: str) -> str:
    fields = line.split()
    is_swap = len(fields) > 2 and not fields[0].startswith("#") and fields[2] == "swap"
    return _MARK + line if is_swap else line


def _unmasked(host: Host) -> list[str]:
    found = set()
    for folder in _UNIT_FOLDERS:
        for path in host.glob(f"{folder}/*.swap"):
            # The units that systemd makes from fstab are gone with the entry.
            if "SourcePath=/etc/fstab" not in host.text(path):
                found.add(path.rsplit("/", 1)[1])
        found |= {name for name in _SERVICES if host.exists(f"{folder}/{name}")}
    return sorted(name for name in found if not _masked(host, name))


def _masked(host: Host, unit: str) -> bool:
    path = host.at(f"/etc/systemd/system/{unit}")
    return path.is_symlink() and host.resolve(f"/etc/systemd/system/{unit}") == "/dev/null"


def _mask_place(host: Host, unit: str) -> Place:
    folder = host.resolve("/etc/systemd/system")
    return Place(
        f"{folder}/{unit}", look(host, f"{folder}/{unit}"), ()
    )  # a link there is replaced, not followed
