"""Changes of the running kernel and of the package manager: no file of ours remembers them."""

from __future__ import annotations

from dataclasses import dataclass

from agent.actions.base import Context, SimpleAction
from agent.facts import active_swaps, held_packages, module_loaded


@dataclass(frozen=True)
class SwapOff(SimpleAction):
    """Stop using one swap device or file; `priority` is what it had."""

    device: str
    priority: int
    kind = "swapoff"

    def describe(self) -> str:
        """See Action.describe."""
        return f"swapoff {self.device}"

    def apply(self, context: Context) -> None:
        """Moving pages back into memory takes its time, hence the long timeout."""
        if self.device in active_swaps(context.host):
            context.host.run(["swapoff", self.device], timeout=900)

    def revert(self, context: Context) -> None:
        """Use it again, with its priority (a negative one is the kernel's own choice)."""
        if self.device not in active_swaps(context.host):
            priority = ["-p", str(self.priority)] if self.priority >= 0 else []
            context.host.run(["swapon", *priority, self.device])


@dataclass(frozen=True)
class LoadModule(SimpleAction):
    """Load one kernel module."""

    name: str
    kind = "module"

    def describe(self) -> str:
        """See Action.describe."""
        return f"modprobe {self.name}"

    def apply(self, context: Context) -> None:
        """See Action.apply."""
        if not module_loaded(context.host, self.name):
            context.host.run(["modprobe", self.name])

    def revert(self, context: Context) -> None:
        """Unload it; one that is in use by now stays, which harms nothing."""
        if module_loaded(context.host, self.name):
            context.host.run(["modprobe", "-r", self.name], check=False)


@dataclass(frozen=True)
class SetSysctl(SimpleAction):
    """Change one value of the running kernel; `before` is empty when the key was not there yet."""

    key: str
    before: str
    after: str
    kind = "sysctl"

    def describe(self) -> str:
        """See Action.describe."""
        return f"{self.key}: {self.before or 'not there'} -> {self.after}"

    def apply(self, context: Context) -> None:
        """See Action.apply."""
        context.host.set_sysctl(self.key, self.after)

    def revert(self, context: Context) -> None:
        """A key that came with a module went with it."""
        now = context.host.sysctl(self.key)
        if self.before and now is not None and now != self.before:
            context.host.set_sysctl(self.key, self.before)


@dataclass(frozen=True)
class Hold(SimpleAction):
    """Keep one package at its version; `tool` is apt or dnf."""

    tool: str
    package: str
    kind = "hold"

    def describe(self) -> str:
        """See Action.describe."""
        return f"hold {self.package} ({self.tool})"

    def apply(self, context: Context) -> None:
        """See Action.apply."""
        if self.package not in held_packages(context.host, self.tool):
            context.host.run(_HOLD[self.tool] + [self.package], timeout=300)

    def revert(self, context: Context) -> None:
        """See Action.revert."""
        if self.package in held_packages(context.host, self.tool):
            context.host.run(_RELEASE[self.tool] + [self.package], timeout=300)


_HOLD = {"apt": ["apt-mark", "hold"], "dnf": ["dnf", "-q", "versionlock", "add"]}
_RELEASE = {"apt": ["apt-mark", "unhold"], "dnf": ["dnf", "-q", "versionlock", "delete"]}
