"""Kernel modules: loaded now, and listed for systemd-modules-load at the next start.

What is built into the kernel counts as loaded and is not listed: on a kernel without a module directory the
listing would make systemd-modules-load fail at every start.
"""

from __future__ import annotations

from dataclasses import dataclass

from agent.actions.runtime import LoadModule
from agent.facts import kernel_release, module_built_in, module_loaded
from agent.names import HEADER, MODULES_FILE
from agent.steps.base import Place, StepPlan, View, find, put


@dataclass(frozen=True)
class ModuleFacts:
    """Where each wanted module stands."""

    listing: Place
    built_in: tuple[str, ...]
    loadable: tuple[str, ...]
    unloaded: tuple[str, ...]
    release: str
    has_modules: bool


class ModulesStep:
    """See the module's text."""

    name = "modules"

    def inspect(self, view: View) -> ModuleFacts:
        """See Step.inspect."""
        host, wanted = view.host, view.settings.modules
        built_in = tuple(name for name in wanted if module_built_in(host, name))
        loadable = tuple(name for name in wanted if name not in built_in)
        release = kernel_release(host)
        return ModuleFacts(
            listing=find(host, MODULES_FILE),
            built_in=built_in,
            loadable=loadable,
            unloaded=tuple(name for name in loadable if not module_loaded(host, name)),
            release=release,
            has_modules=host.is_dir(f"/lib/modules/{release}"),
        )

    def plan(self, facts: ModuleFacts) -> StepPlan:
        """See Step.plan."""
        if facts.unloaded and not facts.has_modules:
            missing = ", ".join(facts.unloaded)
            return StepPlan(
                refusal=f"{missing}: not in this kernel, and /lib/modules/{facts.release} is not there"
            )
        text = HEADER + "".join(f"{name}\n" for name in facts.loadable)
        listing = put(facts.listing, text if facts.loadable else None)
        return StepPlan(actions=(*listing, *(LoadModule(name) for name in facts.unloaded)))
