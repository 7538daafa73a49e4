"""From a profile's `jupyterhub` and `auth` sections to the chart's values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.components.fields import Image
from generator.components.jupyterhub_config.hub import Culling, Limits, Metrics, NetworkPolicy, Peer
from generator.components.jupyterhub_config.login import authentication
from generator.components.jupyterhub_config.notebook import Choice, Home, Notebook, User
from generator.components.jupyterhub_config.values import Hub, JupyterHubConfigValues
from generator.components.lean import lean
from generator.components.mounts import volume_mounts
from generator.components.node_prep.build import seconds
from generator.components.shared import build_global
from generator.names import image_parts

if TYPE_CHECKING:
    from generator.profile import workloads
    from generator.profile.model import Profile

HOSTNAME = "kubernetes.io/hostname"
DASK_PORTS = [8786, 8787]
"""Scheduler and dashboard, of the chart dask."""
DASK_LABELS = {"app.kubernetes.io/name": "dask", "app.kubernetes.io/component": "scheduler"}


def build(profile: Profile) -> JupyterHubConfigValues:
    """`enabled=False` when the profile has no JupyterHub."""
    wish, shared = profile.jupyterhub, build_global(profile)
    if wish is None:
        return JupyterHubConfigValues(enabled=False, global_=shared)
    return JupyterHubConfigValues(
        global_=shared,
        namespace=profile.namespace_of(wish.team),
        authentication=authentication(profile),
        notebook=_notebook(profile, wish),
        hub=Hub(limits=_limits(wish), culling=_culling(wish), metrics=_metrics(profile)),
        network_policy=NetworkPolicy(egress=_egress(profile, wish)),
    )


def _notebook(profile: Profile, wish: workloads.JupyterHub) -> Notebook:
    return Notebook(
        choices=[_choice(one) for one in wish.profiles],
        home=_home(profile, wish.home),
        volumes=volume_mounts(profile, wish.volumes),
        user=User(fs_group=0) if _on_squashed_export(profile, wish) else User(),
    )


def _choice(wish: workloads.HubProfile) -> Choice:
    nodes = {HOSTNAME: wish.node} if wish.node else {}
    return lean(
        Choice,
        name=wish.name,
        title=wish.title or _title(wish),
        description=wish.description,
        image=Image.model_validate(image_parts(wish.image)) if wish.image else Image(),
        cpu=wish.cpu,
        memory=wish.memory,
        gpus=wish.gpus,
        node_selector={**nodes, **wish.node_labels},
    )


def _title(wish: workloads.HubProfile) -> str:
    gpus = f", {wish.gpus} GPU{'s' if wish.gpus > 1 else ''}" if wish.gpus else ""
    return f"{wish.name}: {wish.cpu} CPU, {wish.memory} memory{gpus}"


def _home(profile: Profile, wish: workloads.HubHome) -> Home:
    volume = profile.storage.volumes.get(wish.volume or "")
    if wish.volume and volume:
        return Home(kind="claim", claim=profile.claim_of(wish.volume, volume).name)
    return Home(size=wish.size, class_name=wish.storage_class or "")


def _on_squashed_export(profile: Profile, wish: workloads.JupyterHub) -> bool:
    """There the kubelet, which is root, cannot give files to a group, and the mount fails."""
    names = [wish.home.volume, *(mount.volume for mount in wish.volumes)]
    volumes = [profile.storage.volumes.get(name or "") for name in names]
    return any(volume and volume.nfs and volume.nfs.root_squash for volume in volumes)


def _limits(wish: workloads.JupyterHub) -> Limits:
    return Limits(running=wish.limits.running, starting=wish.limits.starting)


def _culling(wish: workloads.JupyterHub) -> Culling:
    """Looks six times in the time that a notebook may be idle, at least once in ten minutes."""
    idle = max(1, seconds(wish.idle_timeout))
    return Culling(
        idle_seconds=idle,
        every_seconds=max(1, min(600, idle // 6)),
        max_age_seconds=seconds(wish.limits.max_age) if wish.limits.max_age else 0,
    )


def _metrics(profile: Profile) -> Metrics:
    if profile.monitoring is None:
        return Metrics()
    return Metrics(enabled=True, labels={"release": profile.monitoring.release})


def _egress(profile: Profile, wish: workloads.JupyterHub) -> dict[str, Peer]:
    if profile.dask is None:
        return {}
    here, there = profile.namespace_of(wish.team), profile.namespace_of(profile.dask.team)
    namespace = there if there != here else ""
    return {"dask": lean(Peer, namespace=namespace, pod_labels=DASK_LABELS, ports=DASK_PORTS)}
