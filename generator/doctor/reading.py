"""Reads a cluster with few commands, none of which changes anything; what is not allowed is noted."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterable, Sequence
from itertools import groupby

from generator.cluster.helm import Helm
from generator.cluster.kubectl import Kubectl
from generator.cluster.manifests import SecretNeed
from generator.cluster.runner import Result
from generator.doctor.base import Wish
from generator.doctor.checks.custom_resources import is_custom
from generator.doctor.snapshot import RELEASES, Api, Object, ReleaseState, Snapshot, group_of
from generator.doctor.wanted_secrets import wanted_secrets
from generator.errors import CommandError

RESOURCES = (
    "nodes",
    "namespaces",
    "persistentvolumes",
    "persistentvolumeclaims",
    "services",
    "resourcequotas",
    "daemonsets.apps",
    "storageclasses.storage.k8s.io",
    "prometheuses.monitoring.coreos.com",
)
"""What is read of every cluster that serves it, beside the custom resources of the charts."""

_LISTED = re.compile(r'cannot list resource "(?P<name>[^"]+)" in API group "(?P<group>[^"]*)"')
_MIN_SECONDS = 1.0


class Reader:
    """Reads one cluster; all commands together take at most `seconds`."""

    def __init__(self, kubectl: Kubectl, helm: Helm, seconds: float) -> None:
        self._kubectl = kubectl
        self._helm = helm
        self._end = time.monotonic() + seconds

    def read(self, wish: Wish) -> Snapshot:
        """The snapshot. Raises CommandError when the cluster does not answer at all."""
        version = json.loads(self._run("version", "-o", "json").stdout)["serverVersion"]["gitVersion"]
        apis = _apis(self._run("api-resources", "--verbs=list", "-o", "wide", check=False).stdout)
        objects, refused = self._objects(apis, wish)
        secrets, refused_secrets = self._secrets(wanted_secrets(wish))
        release, refused_release = self._release(wish)
        return Snapshot(
            server_version=version,
            apis=apis,
            objects=objects,
            secrets=secrets,
            release=release,
            refused={**refused, **refused_secrets, **refused_release},
        )

    def _objects(self, apis: Sequence[Api], wish: Wish) -> tuple[dict[str, list[Object]], dict[str, str]]:
        """One command for all kinds; kubectl goes on where one of them is refused."""
        names = _resources(apis, wish)
        result = self._run("get", ",".join(names), "--all-namespaces", "-o", "json", check=False)
        refused = {
            f"{match['name']}.{match['group']}".rstrip("."): "not allowed to read it"
            for match in _LISTED.finditer(result.stderr)
        }
        if result.code and not refused:
            raise _failure(result)
        items = json.loads(result.stdout)["items"] if result.stdout.strip() else []
        return _by_resource(items, apis, set(names) - set(refused)), refused

    def _secrets(self, needs: Iterable[SecretNeed]) -> tuple[dict[str, list[str]], dict[str, str]]:
        """By name, as a table: its rows name the Secrets, their values stay in the cluster."""
        found: dict[str, list[str]] = {}
        refused: dict[str, str] = {}
        for namespace, group in groupby(needs, key=lambda need: need.namespace):
            names = sorted({need.name for need in group})
            command = ("get", "secrets", *names, "--namespace", namespace)
            result = self._run(*command, "--no-headers", "--ignore-not-found", check=False)
            found[namespace] = [line.split()[0] for line in result.stdout.splitlines() if line.strip()]
            if result.code:
                refused |= {f"{namespace}/{n}": _reason(result) for n in names if n not in found[namespace]}
        return found, refused

    def _release(self, wish: Wish) -> tuple[ReleaseState | None, dict[str, str]]:
        command = ("status", wish.release, "-o", "json")
        try:
            result = self._helm.run(*command, namespace=wish.namespace, timeout=self._left(), check=False)
        except CommandError as error:
            return None, {RELEASES: error.message}
        if result.code and "not found" in result.stderr:
            return None, {}
        if result.code:
            return None, {RELEASES: _reason(result)}
        answer = json.loads(result.stdout)
        return ReleaseState(answer["info"]["status"], answer.get("config") or {}), {}

    def _run(self, *arguments: str, check: bool = True) -> Result:
        left = self._left()
        return self._kubectl.run(*arguments, f"--request-timeout={left:.0f}s", timeout=left + 5, check=check)

    def _left(self) -> float:
        return max(self._end - time.monotonic(), _MIN_SECONDS)


def _apis(table: str) -> tuple[Api, ...]:
    """The rows of `kubectl api-resources -o wide`; its columns stand below their headings."""
    head, *rows = table.splitlines() or [""]
    starts = [head.index(word) for word in ("NAME", "APIVERSION", "NAMESPACED", "KIND") if word in head]
    return tuple(_api(row, starts) for row in rows) if len(starts) == 4 else ()


def _api(row: str, starts: Sequence[int]) -> Api:
    name, version, namespaced, kind = (row[start:].split()[0] for start in starts)
    return Api(f"{name}.{group_of(version)}".rstrip("."), version, kind, namespaced == "true")


def _resources(apis: Sequence[Api], wish: Wish) -> list[str]:
    """Those of RESOURCES and of the charts' custom resources that the cluster serves."""
    custom = {(group_of(one["apiVersion"]), one["kind"]) for one in wish.manifests if is_custom(one)}
    return sorted(
        {
            api.resource
            for api in apis
            if api.resource in RESOURCES or (group_of(api.api_version), api.kind) in custom
        }
    )


def _by_resource(
    items: Sequence[Object], apis: Sequence[Api], names: Iterable[str]
) -> dict[str, list[Object]]:
    resource = {(group_of(api.api_version), api.kind): api.resource for api in apis}
    found: dict[str, list[Object]] = {name: [] for name in names}
    for item in items:
        found.setdefault(resource[(group_of(item["apiVersion"]), item["kind"])], []).append(item)
    return found


def _reason(result: Result) -> str:
    """Of what a program said the last line, and whether it is about rights."""
    lines = result.stderr.strip().splitlines() or ["it failed"]
    return "not allowed to read it" if "orbidden" in result.stderr else lines[-1]


def _failure(result: Result) -> CommandError:
    return CommandError(
        "kubectl could not read the cluster", command=" ".join(result.argv), output=result.stderr
    )
