"""What a run found and did, for people, for Prometheus and for the Node condition."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from agent import VERSION
from agent.errors import EXIT_CHECKS, EXIT_DRIFT, EXIT_OK
from agent.steps.base import FAILED, Finding, StepPlan

PREFIX = "labhelm_node_prep"


@dataclass
class Report:
    """Everything there is to say about one run."""

    mode: str
    node: str
    plan_hash: str
    plans: Mapping[str, StepPlan] = field(default_factory=dict)
    checks: Mapping[str, Sequence[Finding]] = field(default_factory=dict)
    driver: str = ""
    done: list[str] = field(default_factory=list)
    error: str = ""
    reason: str = ""
    exit_code: int = EXIT_OK
    cpu_seconds: float = 0.0
    finished: float = 0.0

    @property
    def pending(self) -> int:
        """How many changes are to be made."""
        return sum(len(plan.actions) for plan in self.plans.values())

    @property
    def refusals(self) -> list[str]:
        """Why nothing is changed."""
        return [f"{name}: {plan.refusal}" for name, plan in self.plans.items() if plan.refusal]

    @property
    def failures(self) -> list[str]:
        """Failed checks, and what steps found wrong beside their changes."""
        groups = [*self.checks.items(), *((name, plan.findings) for name, plan in self.plans.items())]
        return [f"{name}: {item.message}" for name, items in groups for item in items if item.level == FAILED]

    def conclude(self) -> None:
        """Exit code, reason and message from what was found; an error that was noted before stays."""
        if self.error:
            return
        if self.refusals:
            self.exit_code, self.reason = EXIT_CHECKS, "Refused"
        elif self.pending:
            self.exit_code, self.reason = EXIT_DRIFT, "Drift"
        elif self.failures:
            self.exit_code, self.reason = EXIT_CHECKS, "ChecksFailed"
        else:
            self.exit_code, self.reason = EXIT_OK, "Prepared"

    @property
    def message(self) -> str:
        """One line for the condition (the API keeps 32 KiB; people read one line)."""
        parts = [self.error] if self.error else [*self.refusals, *self.failures]
        if self.pending and not self.error:
            names = [name for name, plan in self.plans.items() if plan.actions]
            parts.insert(0, f"{self.pending} changes wanted by {', '.join(names)}")
        return "; ".join(parts)[:1000] or self._fine()

    def _fine(self) -> str:
        if self.reason == "Recovered":
            return "; ".join(self.done) or "no run was interrupted"
        return "everything is as before" if self.reason == "Undone" else "the node is as wanted"


def text(report: Report) -> str:
    """For a terminal and the pod's log."""
    lines = [f"node {report.node}, plan {report.plan_hash}, agent {VERSION}"]
    for name, plan in report.plans.items():
        lines += [f"\n{name}:" if plan.actions or plan.refusal else ""]
        lines += [f"  REFUSED: {plan.refusal}"] if plan.refusal else []
        lines += [_indented(action.describe()) for action in plan.actions]
        lines += [_finding(name, item) for item in plan.findings]
    lines += [_finding(name, item) for name, items in report.checks.items() for item in items]
    lines += [f"done: {item}" for item in report.done]
    lines.append(f"{report.reason}: {report.message}")
    return "\n".join(line for line in lines if line) + "\n"


def as_json(report: Report) -> str:
    """For programs."""
    return json.dumps(
        {
            "mode": report.mode,
            "node": report.node,
            "plan": report.plan_hash,
            "agent": VERSION,
            "reason": report.reason,
            "message": report.message,
            "exitCode": report.exit_code,
            "changes": {
                name: [action.describe() for action in plan.actions] for name, plan in report.plans.items()
            },
            "refusals": report.refusals,
            "findings": [
                {"name": name, "level": item.level, "message": item.message}
                for name, items in [
                    *report.checks.items(),
                    *((n, p.findings) for n, p in report.plans.items()),
                ]
                for item in items
            ],
            "done": report.done,
            "driver": report.driver,
        },
        indent=2,
    )


def metrics(report: Report) -> str:
    """Prometheus text form. Step and check names are few and fixed, so the number of series is too."""
    lines: list[str] = []
    node = {"node": report.node}
    info = {
        **node,
        "version": VERSION,
        "plan": report.plan_hash,
        "mode": report.mode,
        "driver": report.driver,
    }
    _gauge(lines, "info", "What runs where.", [(info, 1)])
    _gauge(lines, "converged", "1 when the node is as wanted.", [(node, int(report.exit_code == EXIT_OK))])
    pending = [({**node, "step": name}, len(plan.actions)) for name, plan in report.plans.items()]
    _gauge(lines, "pending_changes", "Changes a step would make.", pending)
    refused = [({**node, "step": name}, int(bool(plan.refusal))) for name, plan in report.plans.items()]
    _gauge(lines, "step_refused", "1 when a step refuses to act.", refused)
    failed = [({**node, "check": name}, _failed(items)) for name, items in report.checks.items()]
    failed += [({**node, "check": name}, _failed(plan.findings)) for name, plan in report.plans.items()]
    _gauge(lines, "check_failures", "Failed findings per check or step.", failed)
    _gauge(lines, "last_run_exit_code", "Exit code of the last run.", [(node, report.exit_code)])
    _gauge(lines, "last_run_timestamp_seconds", "End of the last run.", [(node, round(report.finished, 3))])
    _gauge(lines, "last_run_cpu_seconds", "CPU time of the last run.", [(node, round(report.cpu_seconds, 3))])
    return "".join(lines)


def write_metrics(report: Report, path: str) -> None:
    """Replace the file at once, as a textfile collector expects."""
    target = Path(path)
    temporary = target.with_name(f".{target.name}.{os.getpid()}")
    temporary.write_text(metrics(report), encoding="utf-8")
    temporary.replace(target)


def _failed(findings: Iterable[Finding]) -> int:
    return sum(item.level == FAILED for item in findings)


def _gauge(
    lines: list[str], name: str, about: str, samples: Sequence[tuple[Mapping[str, str], float]]
) -> None:
    lines.append(f"# HELP {PREFIX}_{name} {about}\n# TYPE {PREFIX}_{name} gauge\n")
    for labels, value in samples:
        inner = ",".join(f'{key}="{_escape(item)}"' for key, item in labels.items())
        lines.append(f"{PREFIX}_{name}{{{inner}}} {value}\n")


def _escape(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.splitlines())


def _finding(name: str, item: Finding) -> str:
    return f"{item.level.upper()} {name}: {item.message}"
