"""Labels and taints of the node object, where there is one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agent.actions.node import NodeMetadata
from agent.steps.base import StepPlan, View


@dataclass(frozen=True)
class LabelFacts:
    """Wanted and found."""

    labels: Mapping[str, str]
    taints: Sequence[Mapping[str, Any]]
    labels_found: Mapping[str, str]
    taints_found: Sequence[Mapping[str, Any]]


class LabelsStep:
    """See the module's text."""

    name = "labels"

    def inspect(self, view: View) -> LabelFacts:
        """See Step.inspect."""
        node = view.settings.node
        if not view.cluster.joined:
            return LabelFacts({}, [], {}, [])
        taints = [
            {"key": taint.key, "effect": taint.effect, **({"value": taint.value} if taint.value else {})}
            for taint in node.taints
        ]
        return LabelFacts(node.labels, taints, *view.cluster.metadata())

    def plan(self, facts: LabelFacts) -> StepPlan:
        """See Step.plan."""
        found = [_same_as(taint) for taint in facts.taints_found]
        labels = {key: value for key, value in facts.labels.items() if facts.labels_found.get(key) != value}
        taints = [taint for taint in facts.taints if _same_as(taint) not in found]
        if not labels and not taints:
            return StepPlan()
        places = [_same_as(taint)[:2] for taint in taints]
        replaced = [taint for taint in facts.taints_found if _same_as(taint)[:2] in places]
        before = {key: facts.labels_found.get(key) for key in labels}
        return StepPlan(actions=(NodeMetadata(labels, before, taints, replaced),))


def _same_as(taint: Mapping[str, Any]) -> tuple[str, str, str]:
    return str(taint["key"]), str(taint["effect"]), str(taint.get("value") or "")
