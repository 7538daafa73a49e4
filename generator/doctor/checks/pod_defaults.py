"""Where Kubeflow runs, every team's namespace has its PodDefaults, and the label that the webhook goes by."""

from __future__ import annotations

from collections.abc import Iterator

from generator.doctor.base import UP, Finding, Wish
from generator.doctor.snapshot import Snapshot, labels_of

_RESOURCE = "poddefaults.kubeflow.org"
_LABEL, _VALUE = "app.kubernetes.io/part-of", "kubeflow-profile"
"""Source: kubeflow/kubeflow, components/admission-webhook: namespaces without it are left alone."""


def look(wish: Wish, snapshot: Snapshot) -> Iterator[Finding]:
    """See base.Look. Single PodDefaults that are missing are findings of custom-resources."""
    wanted = {wish.place(one)[0] for one in wish.of_kind("PodDefault")}
    if wish.profile.kubeflow is not None:
        wanted |= {team.team_namespace for team in wish.profile.teams}
    for namespace in sorted(wanted):
        live = snapshot.find("namespaces", namespace)
        if live is None:
            yield Finding(f"namespace {namespace}", "is not in the cluster", UP)
            continue
        if labels_of(live).get(_LABEL) != _VALUE:
            yield Finding(
                f"namespace {namespace}",
                f"has not the label {_LABEL}={_VALUE}, so no PodDefault is injected",
                ("kubectl", "label", "namespace", namespace, f"{_LABEL}={_VALUE}", "--overwrite"),
            )
        if not any(one["metadata"]["namespace"] == namespace for one in snapshot.all(_RESOURCE)):
            yield Finding(f"namespace {namespace}", "has no PodDefault", UP)
