"""Look at the machine: every step's plan and every check, without changing anything."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

from agent.actions.base import Action
from agent.actions.service import Restart
from agent.checks import CHECKS
from agent.errors import AgentError, KubeError, Unsupported
from agent.facts import os_release
from agent.health import unit_state
from agent.host import Host
from agent.steps import STEPS
from agent.steps.base import FAILED, WARNING, AnyStep, Finding, StepPlan, View

# Their files belong to an image; whatever is written is gone or refused.
_IMMUTABLE = {
    "talos": "use machine config (talosctl patch mc) and system extensions",
    "bottlerocket": "use its settings API",
    "flatcar": "use Ignition and systemd-sysext",
    "cos": "use the cloud's node pool settings",
}


def refuse_immutable(host: Host) -> None:
    """Raise Unsupported on an operating system that is not prepared by files and services."""
    name = os_release(host).get("ID", "")
    if name in _IMMUTABLE:
        raise Unsupported(f"{name} is immutable: {_IMMUTABLE[name]}; nothing was changed")


def plan_steps(view: View, *, without_api: bool = False) -> dict[str, StepPlan]:
    """What each step would do; `without_api`: an unreachable API server is no reason to stop."""
    return {step.name: _plan(step, view, without_api) for step in STEPS}


def run_checks(view: View) -> dict[str, Sequence[Finding]]:
    """What each check finds; one that cannot look says so."""
    found: dict[str, Sequence[Finding]] = {}
    for name, check in CHECKS.items():
        try:
            found[name] = tuple(check(view))
        except (AgentError, OSError) as error:
            found[name] = (Finding(FAILED, f"could not be checked: {error}"),)
    return found


def actions_of(plans: Mapping[str, StepPlan], host: Host) -> list[Action]:
    """All changes in order, each service restarted once and last, after every file it reads."""
    actions = [action for plan in plans.values() for action in plan.actions]
    restarts = {action.unit: action for action in actions if isinstance(action, Restart)}
    others = [action for action in actions if not isinstance(action, Restart)]
    known = [
        dataclasses.replace(item, was=unit_state(host, item.unit, item.health)) for item in restarts.values()
    ]
    return [*_once(others), *known]


def _plan(step: AnyStep, view: View, without_api: bool) -> StepPlan:
    try:
        plan = step.plan(step.inspect(view))
        # Files of one step often lack the same parent folder.
        return dataclasses.replace(plan, actions=_once(plan.actions))
    except KubeError as error:
        if not without_api:
            raise
        return StepPlan(findings=(Finding(WARNING, f"the API server cannot be asked: {error}"),))
    except (AgentError, OSError) as error:
        return StepPlan(refusal=f"could not look: {error}")


def _once(actions: Sequence[Action]) -> tuple[Action, ...]:
    """Each change once, at its first place."""
    found: list[Action] = []
    for action in actions:
        if action not in found:
            found.append(action)
    return tuple(found)
