"""Docker's daemon.json, for teams that also keep Docker: wanted keys are merged in, all others survive."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agent.actions.service import Restart
from agent.host import Host
from agent.steps.base import Candidate, Place, StepPlan, View, find, put

DAEMON_FILE = "/etc/docker/daemon.json"


@dataclass(frozen=True)
class DockerFacts:
    """The file, and whether Docker is there at all."""

    file: Place
    wanted: Mapping[str, Any]
    installed: bool
    running: bool
    can_validate: bool


@dataclass(frozen=True)
class DaemonCandidate:
    """dockerd itself says whether it would start with this file."""

    text: str

    def problem(self, host: Host, folder: str) -> str:
        """See Candidate.problem."""
        path = f"{folder}/daemon.json"
        host.disk.write(host.at(path), self.text.encode(), 0o600)
        result = host.ask("dockerd", "--validate", "--config-file", path)
        return (
            ""
            if result.ok or "unknown flag" in result.stderr
            else f"dockerd --validate: {result.stderr.strip()}"
        )


class DockerStep:
    """See the module's text."""

    name = "docker"

    def inspect(self, view: View) -> DockerFacts:
        """See Step.inspect."""
        host, wanted = view.host, view.settings.docker.daemon
        if not wanted:
            return DockerFacts(find(host, DAEMON_FILE), {}, False, False, False)
        validates = host.has_program("dockerd")
        running = host.ask("systemctl", "is-active", "docker").stdout.strip() == "active"
        return DockerFacts(find(host, DAEMON_FILE), wanted, validates, running, validates)

    def plan(self, facts: DockerFacts) -> StepPlan:
        """See Step.plan."""
        if not facts.wanted:
            return StepPlan()
        if not facts.installed:
            return StepPlan(refusal="docker.daemon is set, but dockerd is not installed")
        try:
            text = merged(facts.file.text, facts.wanted)
        except ValueError as error:
            return StepPlan(refusal=f"{facts.file.path} is not a JSON object: {error}")
        files = put(facts.file, text)
        # A reload keeps containers running; keys that need a restart wait for the team's own window.
        restart = (Restart("docker", "active", 30, verb="reload"),) if files and facts.running else ()
        candidates: tuple[Candidate, ...] = (DaemonCandidate(text),) if files else ()
        return StepPlan(actions=(*files, *restart), candidates=candidates)


def merged(text: str, wanted: Mapping[str, Any]) -> str:
    """`text` with `wanted` merged in; the very same text when nothing changes."""
    found = json.loads(text) if text.strip() else {}
    if not isinstance(found, dict):
        raise ValueError("the top level must be an object")
    result = _merge(found, wanted)
    if text.strip() and result == found:
        return text
    indent = re.search(r"\n([ \t]+)\"", text)
    return json.dumps(result, indent=indent.group(1) if indent else 2, ensure_ascii=False) + "\n"


def _merge(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    result = dict(found)
    for key, value in wanted.items():
        old = result.get(key)
        result[key] = _merge(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return result
