"""Packages that must not change by a routine upgrade: kubelet, kubeadm, kubectl, containerd, the driver."""

from __future__ import annotations

from dataclasses import dataclass

from agent.actions.runtime import Hold
from agent.facts import dpkg_status, held_packages
from agent.steps.base import WARNING, Finding, StepPlan, View


@dataclass(frozen=True)
class HoldFacts:
    """`tool` is empty when the machine has neither apt nor dnf with versionlock."""

    tool: str
    wanted: tuple[str, ...]
    installed: frozenset[str]
    held: frozenset[str]


class HoldsStep:
    """See the module's text."""

    name = "holds"

    def inspect(self, view: View) -> HoldFacts:
        """See Step.inspect."""
        host, wanted = view.host, view.settings.holds
        if not wanted:
            return HoldFacts("", (), frozenset(), frozenset())
        if host.exists("/var/lib/dpkg/status"):
            status = dpkg_status(host)
            installed = {name for name in wanted if status.get(name, "").endswith(" installed")}
            return HoldFacts("apt", wanted, frozenset(installed), frozenset(held_packages(host, "apt")))
        if not host.has_program("dnf") or not host.ask("dnf", "-q", "versionlock", "list").ok:
            return HoldFacts("", wanted, frozenset(), frozenset())
        installed = {name for name in wanted if host.ask("rpm", "-q", name).ok}
        return HoldFacts("dnf", wanted, frozenset(installed), frozenset(held_packages(host, "dnf")))

    def plan(self, facts: HoldFacts) -> StepPlan:
        """See Step.plan."""
        if facts.wanted and not facts.tool:
            return StepPlan(
                findings=(Finding(WARNING, "packages cannot be held: neither apt nor dnf versionlock"),)
            )
        todo = [name for name in facts.wanted if name in facts.installed - facts.held]
        return StepPlan(actions=tuple(Hold(facts.tool, name) for name in todo))
