"""From a profile's `dask` section to the chart's values."""

from __future__ import annotations

from typing import Any

from generator.components.dask.service import NotebookService, SchedulerService
from generator.components.dask.values import Auth, DaskValues, Notebook, Scheduler
from generator.components.dask.worker import Autoscaling, Worker, WorkerGroup
from generator.components.fields import Amounts, Image, Resources, VolumeMount
from generator.components.shared import build_global
from generator.names import image_parts
from generator.profile import workloads
from generator.profile.model import Profile
from generator.profile.volumes import AccessMode


def build(profile: Profile) -> DaskValues:
    """`enabled=False` when the profile has no Dask."""
    wish, shared = profile.dask, build_global(profile)
    if wish is None:
        return DaskValues(enabled=False, global_=shared)
    return DaskValues(
        global_=shared,
        namespace=profile.namespace_of(wish.team),
        image=_image(wish.image, DaskValues().image),
        volumes=_volumes(profile, wish.volumes),
        scheduler=Scheduler(
            resources=_resources(wish.scheduler), service=SchedulerService(type=wish.service)
        ),
        worker=Worker(**_worker(wish.workers)),
        worker_groups={name: WorkerGroup(**_worker(group)) for name, group in wish.workers.groups.items()},
        notebook=_notebook(wish),
    )


def _image(reference: str | None, default: Image) -> Image:
    return default if reference is None else Image.model_validate(image_parts(reference))


def _resources(size: workloads.Size) -> Resources:
    """The same as request and limit, so that what is promised is there."""
    return Resources(limits=Amounts(cpu=size.cpu, memory=size.memory))


def _worker(group: workloads.WorkerGroup) -> dict[str, Any]:
    """Every key of a profile's group, so that none of the base group shines through by chance."""
    return {
        "replicas": group.replicas,
        "resources": _resources(group),
        "gpus": group.gpus,
        "threads": group.threads or 0,
        "placement": group.placement,
        "node_selector": dict(group.node_labels),
        "autoscaling": _autoscaling(group.autoscale),
    }


def _autoscaling(wish: workloads.Autoscale | None) -> Autoscaling:
    if wish is None:
        return Autoscaling()
    return Autoscaling(enabled=True, min_replicas=wish.min, max_replicas=wish.max, cpu_utilization=wish.cpu)


def _notebook(wish: workloads.Dask) -> Notebook:
    """With an image of the team's own for Dask, the notebook takes it too unless it has one itself."""
    notebook = wish.notebook
    secret = notebook.token_secret
    return Notebook(
        enabled=notebook.enabled,
        image=_image(notebook.image or wish.image, Notebook().image),
        resources=_resources(notebook),
        service=NotebookService(type=wish.service),
        auth=Auth() if secret is None else Auth(secret_name=secret.name, key=secret.key),
    )


def _volumes(profile: Profile, mounts: list[workloads.Mount]) -> dict[str, VolumeMount]:
    """By name; a second mount of a volume gets a number. A missing volume is a rule's finding."""
    found: dict[str, VolumeMount] = {}
    for mount in mounts:
        volume = profile.storage.volumes.get(mount.volume)
        if volume is not None:
            name = mount.volume if mount.volume not in found else f"{mount.volume}-{len(found)}"
            found[name] = _mount(
                mount, profile.storage.access_of(volume), profile.claim_of(mount.volume, volume).name
            )
    return found


def _mount(mount: workloads.Mount, access: AccessMode, claim: str) -> VolumeMount:
    return VolumeMount(
        claim=claim,
        mount_path=mount.mount_path,
        sub_path=mount.sub_path,
        read_only=mount.read_only,
        access_mode=access,
    )
