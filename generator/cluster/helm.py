"""helm 3 and 4 behind one interface, always told which cluster it talks to."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.cluster.kubectl import Access
from generator.cluster.runner import CommandRunner, Result
from generator.errors import UserError


@dataclass(frozen=True)
class Release:
    """A release as helm tells it; `status` is helm's word, such as "deployed"."""

    name: str
    namespace: str
    revision: int
    status: str


@dataclass(frozen=True)
class Values:
    """What a chart is given: files first, `settings` (`key=value`) win, and `texts` are never numbers."""

    files: tuple[Path, ...] = ()
    settings: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()

    def flags(self) -> tuple[str, ...]:
        """The flags in helm's order."""
        files = tuple(flag for file in self.files for flag in ("--values", str(file)))
        typed = tuple(flag for setting in self.settings for flag in ("--set", setting))
        return (*files, *typed, *(flag for text in self.texts for flag in ("--set-string", text)))


@dataclass(frozen=True)
class Helm:
    """The helm program at `path`; without `access` only what needs no cluster. Methods raise CommandError.

    Timeouts are in seconds; ours is a little longer than helm's, so that helm's own message is seen.
    """

    path: Path
    runner: CommandRunner
    access: Access | None = None

    def template(
        self,
        release: str,
        chart: str,
        values: Values = Values(),
        *,
        namespace: str = "default",
        options: Sequence[str] = (),
    ) -> str:
        """The rendered manifests, without asking a cluster."""
        command = ("template", release, chart, "--namespace", namespace, *values.flags(), *options)
        hint = "mend the values that helm names, then run the same command again"
        return self._local(*command, hint=hint).stdout

    def lint(self, chart: str, values: Values = Values(), *, strict: bool = True) -> str:
        """What lint says; raises CommandError when it finds a fault."""
        return self._local("lint", chart, *values.flags(), *(("--strict",) if strict else ())).stdout

    def upgrade(
        self,
        release: str,
        chart: str,
        values: Values = Values(),
        *,
        namespace: str,
        wait: bool = True,
        timeout: float = 300,
        options: Sequence[str] = (),
    ) -> str:
        """Install the release, or upgrade it when it is there; with `wait`, until everything is ready."""
        flags = (*(("--wait",) if wait else ()), f"--timeout={timeout:g}s", *options)
        command = ("upgrade", "--install", release, chart, *values.flags(), *flags)
        return self.run(*command, namespace=namespace, timeout=timeout + 30).stdout

    def test(self, release: str, *, namespace: str, timeout: float = 300) -> str:
        """Run the chart's test hooks; what helm printed."""
        return self.run(
            "test", release, f"--timeout={timeout:g}s", namespace=namespace, timeout=timeout + 30
        ).stdout

    def rollback(self, release: str, revision: int = 0, *, namespace: str, timeout: float = 300) -> str:
        """Back to a revision; 0 is the one before."""
        target = (str(revision),) if revision else ()
        command = ("rollback", release, *target, "--wait", f"--timeout={timeout:g}s")
        return self.run(*command, namespace=namespace, timeout=timeout + 30).stdout

    def uninstall(self, release: str, *, namespace: str, timeout: float = 300) -> str:
        """Remove the release and wait until its objects are gone; no failure when it is not there."""
        command = ("uninstall", release, "--ignore-not-found", "--wait", f"--timeout={timeout:g}s")
        return self.run(*command, namespace=namespace, timeout=timeout + 30).stdout

    def status(self, release: str, *, namespace: str) -> Release | None:
        """The release as it stands, or None when it is not there."""
        result = self.run("status", release, "-o", "json", namespace=namespace, check=False)
        if result.code and "not found" in result.stderr:
            return None
        if result.code:
            self.run("status", release, "-o", "json", namespace=namespace)
        answer = json.loads(result.stdout)
        return Release(answer["name"], answer["namespace"], answer["version"], answer["info"]["status"])

    def values(self, release: str, *, namespace: str) -> dict[str, Any]:
        """The values that the release was given; none when it is not there."""
        result = self.run("get", "values", release, "-o", "json", namespace=namespace, check=False)
        if result.code and "not found" in result.stderr:
            return {}
        if result.code:
            self.run("get", "values", release, "-o", "json", namespace=namespace)
        found: dict[str, Any] | None = json.loads(result.stdout)
        return found or {}

    def run(
        self, *arguments: str, namespace: str, timeout: float = 60, check: bool = True, hint: str = ""
    ) -> Result:
        """Any helm command against the cluster."""
        if self.access is None:
            raise UserError(f"helm {arguments[0]} needs a cluster", hint="pass --context or --kubeconfig")
        cluster = (*self.access.flags("--kube-context"), "--namespace", namespace)
        argv = (*self.access.prefix, str(self.path), *arguments, *cluster)
        return self.runner.run(argv, timeout=timeout, check=check, hint=hint)

    def _local(self, *arguments: str, hint: str = "") -> Result:
        return self.runner.run((str(self.path), *arguments), timeout=120, hint=hint)
