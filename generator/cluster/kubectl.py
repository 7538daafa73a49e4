"""kubectl, always told which cluster it talks to."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.cluster.runner import CommandRunner, Result
from generator.errors import UserError


@dataclass(frozen=True)
class Access:
    """Which cluster, and how to get there.

    `prefix` goes before every command, such as `nsenter ...` for a cluster in a network namespace of its own.
    Raises UserError when neither kubeconfig nor context is named: the user's current context is never taken.
    """

    kubeconfig: Path | None = None
    context: str = ""
    prefix: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.kubeconfig is None and not self.context:
            raise UserError("no cluster was named", hint="pass --context or --kubeconfig")

    def flags(self, context_flag: str) -> tuple[str, ...]:
        """The flags that name the cluster; helm and kubectl differ in what they call the context."""
        config = () if self.kubeconfig is None else ("--kubeconfig", str(self.kubeconfig))
        return (*config, context_flag, self.context) if self.context else config


@dataclass(frozen=True)
class Kubectl:
    """The kubectl program at `path` for one cluster; every method raises CommandError when it fails."""

    path: Path
    runner: CommandRunner
    access: Access

    def run(
        self,
        *arguments: str,
        stdin: str | None = None,
        timeout: float = 60,
        check: bool = True,
        hint: str = "",
    ) -> Result:
        """Any kubectl command; `timeout` in seconds."""
        argv = (*self.access.prefix, str(self.path), *self.access.flags("--context"), *arguments)
        return self.runner.run(argv, stdin=stdin, timeout=timeout, check=check, hint=hint)

    def get(self, kind: str, name: str, *, namespace: str = "") -> dict[str, Any]:
        """One object."""
        found: dict[str, Any] = json.loads(self.run("get", kind, name, *_in(namespace), "-o", "json").stdout)
        return found

    def find(self, kind: str, name: str, *, namespace: str = "") -> dict[str, Any] | None:
        """One object, or None when it is not there."""
        text = self.run("get", kind, name, *_in(namespace), "--ignore-not-found", "-o", "json").stdout
        found: dict[str, Any] | None = json.loads(text) if text.strip() else None
        return found

    def get_all(self, kind: str, *, namespace: str = "", selector: str = "") -> list[dict[str, Any]]:
        """The objects of a kind: in one namespace, or without one in all of them."""
        where = _in(namespace) or ("--all-namespaces",)
        which = ("--selector", selector) if selector else ()
        items: list[dict[str, Any]] = json.loads(self.run("get", kind, *where, *which, "-o", "json").stdout)[
            "items"
        ]
        return items

    def apply(
        self, manifests: str, *, namespace: str = "", server_side: bool = False, dry_run: bool = False
    ) -> str:
        """Apply YAML or JSON text; what kubectl printed. A dry run asks the server and changes nothing."""
        flags = (*(("--server-side",) if server_side else ()), *(("--dry-run=server",) if dry_run else ()))
        return self.run("apply", "-f", "-", *_in(namespace), *flags, stdin=manifests).stdout

    def delete(
        self, kind: str, *names: str, namespace: str = "", wait: bool = True, timeout: float = 60
    ) -> None:
        """Delete objects; those that are not there are no failure."""
        self.run(
            "delete", kind, *names, *_in(namespace), "--ignore-not-found",
            f"--wait={str(wait).lower()}", f"--timeout={timeout:g}s", timeout=timeout + 10,
        )  # fmt: skip

    def can_i(
        self, verb: str, resource: str, *, namespace: str = "", user: str = "", groups: Sequence[str] = ()
    ) -> bool:
        """Whether we (or the impersonated `user` with `groups`) may do that."""
        who = ("--as", user) if user else ()
        member = tuple(flag for group in groups for flag in ("--as-group", group))
        result = self.run("auth", "can-i", verb, resource, *_in(namespace), *who, *member, check=False)
        # Exit code 1 is the answer "no" as well as a failure; only the answer is printed to standard output.
        if result.stdout.strip() not in {"yes", "no"}:
            self.run("auth", "can-i", verb, resource, *_in(namespace), *who, *member)
        return result.stdout.strip() == "yes"

    def wait(
        self, kind: str, *names: str, until: str, namespace: str = "", selector: str = "", timeout: float = 60
    ) -> None:
        """Wait `until` ("condition=Ready", "jsonpath={.status.phase}=Bound", "delete") for `timeout` s."""
        which = names or (("--selector", selector) if selector else ("--all",))
        command = ("wait", kind, *which, f"--for={until}", *_in(namespace), f"--timeout={timeout:g}s")
        self.run(*command, timeout=timeout + 10)

    def server_version(self) -> str:
        """The API server's version, such as "v1.36.3"."""
        answer = json.loads(self.run("version", "-o", "json").stdout)
        return str(answer["serverVersion"]["gitVersion"])


def _in(namespace: str) -> tuple[str, ...]:
    return ("--namespace", namespace) if namespace else ()
