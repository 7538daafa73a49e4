"""The NVIDIA driver: checked, and on request collected into one directory that pods can mount.

The agent never installs a driver. The collection is for old software that mounts the libraries itself; the
container toolkit and CDI do not need it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from agent.actions.base import Action
from agent.actions.files import FileAction
from agent.actions.tree import CopyTree, stamp, stamp_of
from agent.errors import StepFailed
from agent.filestate import ABSENT, directory
from agent.host import Host
from agent.settings import Driver
from agent.steps.base import FAILED, OK, Finding, StepPlan, View, find

_LIBRARIES = ("/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib")
_NAMES = ("libnvidia-*.so*", "libcuda.so*", "libnvcuvid.so*", "libnvoptix.so*", "libcudadebugger.so*")
_PROGRAMS = (
    "nvidia-smi",
    "nvidia-debugdump",
    "nvidia-persistenced",
    "nvidia-cuda-mps-control",
    "nvidia-cuda-mps-server",
)


@dataclass(frozen=True)
class DriverFacts:
    """What is there of the driver; `version` is the loaded module's, empty when none is loaded."""

    wanted: Driver
    version: str
    libraries: tuple[str, ...]
    files: tuple[str, ...]
    stamp: str
    collected: str
    missing: tuple[str, ...]
    not_ours: str


class DriverStep:
    """See the module's text."""

    name = "driver"

    def inspect(self, view: View) -> DriverFacts:
        """See Step.inspect."""
        host, wanted = view.host, view.settings.driver
        if not wanted.expected:
            return DriverFacts(wanted, "", (), (), "", "", (), "")
        root = wanted.root.rstrip("/")
        libraries = _find(host, root, ("libnvidia-ml.so*", "libcuda.so*"))
        files = _find(host, root, _NAMES, programs=True) if wanted.collect_to else ()
        collected, not_ours = "", ""
        if wanted.collect_to:
            try:
                collected = stamp_of(host, wanted.collect_to)
            except StepFailed as error:
                not_ours = str(error)
        missing = find(host, wanted.collect_to).missing if wanted.collect_to else ()
        return DriverFacts(
            wanted, driver_version(host), libraries, files, stamp(host, files), collected, missing, not_ours
        )

    def plan(self, facts: DriverFacts) -> StepPlan:
        """See Step.plan."""
        if not facts.wanted.expected:
            return StepPlan()
        if facts.not_ours:
            return StepPlan(refusal=facts.not_ours)
        problem = _problem(facts)
        if problem:
            return StepPlan(findings=(Finding(FAILED, problem),))
        findings = (Finding(OK, f"NVIDIA driver {facts.version}"),)
        if not facts.wanted.collect_to or facts.collected == facts.stamp:
            return StepPlan(findings=findings)
        folders: tuple[Action, ...] = tuple(FileAction(path, ABSENT, directory()) for path in facts.missing)
        tree = CopyTree(facts.wanted.collect_to.rstrip("/"), facts.files, facts.stamp)
        return StepPlan(actions=(*folders, tree), findings=findings)


def driver_version(host: Host) -> str:
    """Version of the loaded kernel module."""
    found = re.search(r"Kernel Module.*?\s(\d+(?:\.\d+)+)\s", host.text("/proc/driver/nvidia/version"))
    return found.group(1) if found else ""


def _problem(facts: DriverFacts) -> str:
    wanted = facts.wanted
    if not facts.version:
        return (
            "no NVIDIA driver is loaded (/proc/driver/nvidia/version): install it, or let gpu-operator do so"
        )
    if wanted.version and facts.version != wanted.version:
        return f"NVIDIA driver {facts.version} is loaded, {wanted.version} is wanted on all GPU nodes"
    if not facts.libraries:
        return f"no libnvidia-ml.so or libcuda.so under {wanted.root}: is driver.root right?"
    return ""


def _find(host: Host, root: str, names: tuple[str, ...], *, programs: bool = False) -> tuple[str, ...]:
    patterns = [f"{root}{folder}/{name}" for folder in _LIBRARIES for name in names]
    patterns += [f"{root}/usr/bin/{name}" for name in _PROGRAMS] if programs else []
    # One file per name, as they all land in one directory; the first folder wins.
    found: dict[str, str] = {}
    for path in (path for pattern in patterns for path in host.glob(pattern)):
        if host.exists(path):
            found.setdefault(path.rsplit("/", 1)[1], path)
    return tuple(found.values())
