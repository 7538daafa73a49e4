"""Secrets that the profile or its pods name are there. Their values are never read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from generator.cluster.manifests import SecretNeed
from generator.doctor.base import UP, Finding, Wish, note, unknown
from generator.doctor.snapshot import Snapshot
from generator.doctor.wanted_secrets import wanted_secrets


def look(wish: Wish, snapshot: Snapshot) -> Iterator[Finding]:
    """See base.Look."""
    by_secret: dict[tuple[str, str], list[SecretNeed]] = defaultdict(list)
    for need in wanted_secrets(wish):
        by_secret[need.namespace, need.name].append(need)
    pull = {*wish.profile.pull_secrets, *(name for team in wish.profile.teams for name in team.pull_secrets)}
    for (namespace, name), needs in by_secret.items():
        subject = f"secret {namespace}/{name}"
        if f"{namespace}/{name}" in snapshot.refused:
            reason = snapshot.refused[f"{namespace}/{name}"]
            yield unknown(subject, reason, ("kubectl", "-n", namespace, "get", "secret", name))
        elif name not in snapshot.secrets.get(namespace, ()):
            yield Finding(subject, "is missing", *_fix(namespace, name, needs, is_pull=name in pull))
    if by_secret:
        yield note("", f"{len(by_secret)} named")


def _fix(namespace: str, name: str, needs: list[SecretNeed], *, is_pull: bool) -> tuple[tuple[str, ...], str]:
    if all(need.generated for need in needs):
        return UP, "it makes a random one"
    create = ("kubectl", "-n", namespace, "create", "secret")
    if is_pull:
        config = "--from-file=.dockerconfigjson=config.json"
        kind = "--type=kubernetes.io/dockerconfigjson"
        return (*create, "generic", name, kind, config), "config.json is that of docker login"
    keys = sorted(need.key for need in needs if need.key)
    if len(keys) == 1:
        return (*create, "generic", name, f"--from-file={keys[0]}=/dev/stdin"), "type the value, then Ctrl-D"
    files = tuple(f"--from-file={key}" for key in keys) or ("--from-file=.",)
    return (*create, "generic", name, *files), "from files of these names in an otherwise empty folder"
