"""The PodDefaults of a profile, each with the place in the profile that it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from generator.components.lean import lean
from generator.components.poddefaults.values import PodDefault

if TYPE_CHECKING:
    from generator.profile import workloads
    from generator.profile.model import Profile
    from generator.profile.nodes import Taint

PIPELINES = "access-ml-pipeline"
TOKEN_FOLDER = "/var/run/secrets/kubeflow/pipelines"
Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Made:
    """One PodDefault and why it is there."""

    name: str
    values: PodDefault
    path: Path


def pod_defaults(profile: Profile) -> Iterator[Made]:
    """Nothing without Kubeflow; a name may come twice, which is a rule's finding."""
    if profile.kubeflow is None:
        return
    yield Made(PIPELINES, _pipelines(), ("kubeflow",))
    if any(node.gpus for node in profile.nodes):
        yield Made("gpu-runtime", _gpu(profile), ("kubeflow",))
    if profile.kubeflow.proxy:
        yield Made("proxy", _proxy(profile, profile.kubeflow.proxy), ("kubeflow", "proxy"))
    yield from _pull_secrets(profile)
    for index, mount in enumerate(profile.kubeflow.volumes):
        yield Made(mount.volume, _mounted(profile, [mount]), ("kubeflow", "volumes", index))
    for name, wish in profile.kubeflow.pod_defaults.items():
        yield Made(name, _own(profile, wish), ("kubeflow", "podDefaults", name))


def _pipelines() -> PodDefault:
    """As Kubeflow's own tests have it; pipelines know the pod by a token made for them alone."""
    source = {
        "serviceAccountToken": {
            "path": "token",
            "expirationSeconds": 7200,
            "audience": "pipelines.kubeflow.org",
        }
    }
    volume = "volume-kf-pipeline-token"
    return PodDefault(
        description="Allow access to Kubeflow Pipelines",
        env={"KF_PIPELINES_SA_TOKEN_PATH": f"{TOKEN_FOLDER}/token"},
        volumes=[{"name": volume, "projected": {"sources": [source]}}],
        volume_mounts=[{"name": volume, "mountPath": TOKEN_FOLDER, "readOnly": True}],
    )


def _gpu(profile: Profile) -> PodDefault:
    """Shared memory as PyTorch wants it, the driver's parts for computing, and the GPU nodes' own taints."""
    taints = {(taint.key, taint.value): taint for node in profile.nodes if node.gpus for taint in node.taints}
    return PodDefault(
        description="GPU: shared memory, driver libraries, GPU nodes",
        env={"NVIDIA_DRIVER_CAPABILITIES": "compute,utility"},
        volumes=[{"name": "shared-memory", "emptyDir": {"medium": "Memory"}}],
        volume_mounts=[{"name": "shared-memory", "mountPath": "/dev/shm"}],
        tolerations=_tolerations([*taints.values()]) or [{"key": "nvidia.com/gpu", "operator": "Exists"}],
    )


def _tolerations(taints: Sequence[Taint]) -> list[dict[str, Any]]:
    return [_toleration(taint) for taint in taints]


def _toleration(taint: Taint) -> dict[str, Any]:
    how = {"operator": "Equal", "value": taint.value} if taint.value else {"operator": "Exists"}
    return {"key": taint.key, **how, "effect": taint.effect}


def _proxy(profile: Profile, wish: workloads.Proxy) -> PodDefault:
    """In both spellings: programs disagree about which one counts."""
    cluster = profile.cluster
    direct = ["localhost", "127.0.0.1", ".svc", f".{cluster.domain}", cluster.pod_cidr, cluster.service_cidr]
    direct += [node.address for node in profile.nodes if node.address]
    texts = {
        "HTTP_PROXY": wish.http,
        "HTTPS_PROXY": wish.https or wish.http,
        "NO_PROXY": ",".join([*direct, *wish.direct]),
    }
    given = {name: text for name, text in texts.items() if text}
    return PodDefault(
        description="Proxy to the internet",
        env={**given, **{name.lower(): text for name, text in given.items()}},
    )


def _pull_secrets(profile: Profile) -> Iterator[Made]:
    if profile.pull_secrets:
        common = PodDefault(description="Pull secrets", image_pull_secrets=list(profile.pull_secrets))
        yield Made("pull-secrets", common, ("pullSecrets",))
    for index, team in enumerate(profile.teams):
        if team.pull_secrets:
            own = PodDefault(
                description="Pull secrets of the team",
                namespaces=[team.team_namespace],
                image_pull_secrets=list(team.pull_secrets),
            )
            yield Made(f"pull-secrets-{team.name}"[:63], own, ("teams", index, "pullSecrets"))


def _own(profile: Profile, wish: workloads.PodDefault) -> PodDefault:
    mounted = _mounted(profile, wish.volumes) if wish.volumes else PodDefault()
    teams = {profile.namespace_of(team) for team in wish.teams}
    claims = set(mounted.namespaces)
    return lean(
        PodDefault,
        description=wish.title,
        match_labels=dict(wish.labels),
        namespaces=sorted(teams & claims if teams and claims else teams | claims),
        env=dict(wish.env),
        volumes=mounted.volumes,
        volume_mounts=mounted.volume_mounts,
        tolerations=_tolerations(wish.tolerations),
        image_pull_secrets=list(wish.pull_secrets),
    )


def _mounted(profile: Profile, mounts: Sequence[workloads.Mount]) -> PodDefault:
    """In the namespaces of the claims. A volume that there is not is a rule's finding."""
    found = [(mount, profile.storage.volumes.get(mount.volume)) for mount in mounts]
    claims = {mount.volume: profile.claim_of(mount.volume, volume) for mount, volume in found if volume}
    return PodDefault(
        description="Volume " + ", ".join(f"{mount.volume} at {mount.mount_path}" for mount in mounts),
        namespaces=sorted({profile.claim_namespace(claim) for claim in claims.values()} - {""}),
        volumes=[
            {"name": name, "persistentVolumeClaim": {"claimName": claim.name}}
            for name, claim in claims.items()
        ],
        volume_mounts=[_mount(mount) for mount in mounts],
    )


def _mount(mount: workloads.Mount) -> dict[str, Any]:
    place: dict[str, Any] = {"name": mount.volume, "mountPath": mount.mount_path}
    if mount.sub_path:
        place["subPath"] = mount.sub_path
    return place | ({"readOnly": True} if mount.read_only else {})
