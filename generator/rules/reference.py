"""REF101: a name refers to something that the profile does not define."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generator.diagnostics.suggest import did_you_mean
from generator.profile.model import Profile
from generator.rules.base import Finding, Names, Path


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding for each name that leads nowhere."""
    for path, kind, name, known in (
        *_workloads(profile, names),
        *_training(profile, names),
        *_storage(profile, names),
        *_nodes(profile, names),
    ):
        if name is not None and name not in known:
            yield Finding(path, f"there is no {kind} {name!r}", _hint(kind, name, known))


def _hint(kind: str, name: str, known: Sequence[str]) -> str:
    guess = did_you_mean(name, known)
    if guess:
        return f"did you mean {guess}?"
    plural = f"{kind}es" if kind.endswith("s") else f"{kind}s"
    return f"the {plural} are {', '.join(sorted(known))}" if known else f"the profile defines no {kind}"


Reference = tuple[Path, str, str | None, tuple[str, ...]]


def _workloads(profile: Profile, names: Names) -> Iterator[Reference]:
    for section, part in (("dask", profile.dask), ("jupyterhub", profile.jupyterhub)):
        if part is None:
            continue
        yield (section, "team"), "team", part.team, names.teams
        for index, mount in enumerate(part.volumes):
            yield (section, "volumes", index, "volume"), "volume", mount.volume, names.volumes
    if profile.jupyterhub:
        home = profile.jupyterhub.home
        yield ("jupyterhub", "home", "class"), "storage class", home.storage_class, names.classes
        yield ("jupyterhub", "home", "volume"), "volume", home.volume, names.volumes
        for index, choice in enumerate(profile.jupyterhub.profiles):
            yield ("jupyterhub", "profiles", index, "node"), "node", choice.node, names.nodes
    for name, page in profile.network.pages.items():
        yield ("network", "pages", name, "team"), "team", page.team, names.teams
    yield from _kubeflow(profile, names)
    if profile.monitoring:
        yield (
            ("monitoring", "grafana", "class"),
            "storage class",
            profile.monitoring.grafana.storage_class,
            names.classes,
        )


def _training(profile: Profile, names: Names) -> Iterator[Reference]:
    for name, job in profile.training.jobs.items() if profile.training else ():
        yield ("training", "jobs", name, "team"), "team", job.team, names.teams


def _kubeflow(profile: Profile, names: Names) -> Iterator[Reference]:
    if profile.kubeflow is None:
        return
    for index, mount in enumerate(profile.kubeflow.volumes):
        yield ("kubeflow", "volumes", index, "volume"), "volume", mount.volume, names.volumes
    for name, wish in profile.kubeflow.pod_defaults.items():
        path = ("kubeflow", "podDefaults", name)
        for index, mount in enumerate(wish.volumes):
            yield (*path, "volumes", index, "volume"), "volume", mount.volume, names.volumes
        for index, team in enumerate(wish.teams):
            yield (*path, "teams", index), "team", team, names.teams


def _storage(profile: Profile, names: Names) -> Iterator[Reference]:
    yield ("storage", "default"), "storage class", profile.storage.default, names.classes
    for name, volume in profile.storage.volumes.items():
        path = ("storage", "volumes", name)
        yield (*path, "class"), "storage class", volume.storage_class, names.classes
        if volume.local:
            yield (*path, "local", "node"), "node", volume.local.node, names.nodes
        if volume.claim:
            yield (*path, "claim", "team"), "team", volume.claim.team, names.teams


def _nodes(profile: Profile, names: Names) -> Iterator[Reference]:
    dra = profile.gpu.experimental.dra
    for index, node_name in enumerate(dra.nodes if dra else ()):
        yield ("gpu", "experimental", "dra", "nodes", index), "node", node_name, names.nodes
    for index, node in enumerate(profile.nodes):
        if node.gpus:
            yield ("nodes", index, "gpus", "config"), "GPU configuration", node.gpus.config, names.gpu_configs
        yield ("nodes", index, "group"), "node group", node.group, names.node_groups
