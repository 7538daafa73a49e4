"""From a profile's `dask` section to the chart's values."""

from __future__ import annotations

from typing import Any

from generator.components.dask.service import NetworkPolicy, NotebookService, Peer, SchedulerService
from generator.components.dask.values import Auth, DaskValues, Notebook, Scheduler
from generator.components.dask.worker import Autoscaling, Worker, WorkerGroup
from generator.components.fields import Amounts, Image, Resources
from generator.components.mounts import volume_mounts
from generator.components.shared import build_global
from generator.names import image_parts
from generator.profile import workloads
from generator.profile.model import Profile


def build(profile: Profile) -> DaskValues:
    """`enabled=False` when the profile has no Dask."""
    wish, shared = profile.dask, build_global(profile)
    if wish is None:
        return DaskValues(enabled=False, global_=shared)
    return DaskValues(
        global_=shared,
        namespace=profile.namespace_of(wish.team),
        image=_image(wish.image, DaskValues().image),
        volumes=volume_mounts(profile, wish.volumes),
        scheduler=Scheduler(
            resources=_resources(wish.scheduler), service=SchedulerService(type=wish.service)
        ),
        worker=Worker(**_worker(wish.workers)),
        worker_groups={name: WorkerGroup(**_worker(group)) for name, group in wish.workers.groups.items()},
        notebook=_notebook(wish),
        network_policy=NetworkPolicy(clients=_clients(profile)),
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


def _clients(profile: Profile) -> dict[str, Peer]:
    """The notebooks of JupyterHub compute on Dask as well."""
    if profile.jupyterhub is None or profile.dask is None:
        return {}
    here, there = profile.namespace_of(profile.dask.team), profile.namespace_of(profile.jupyterhub.team)
    elsewhere = {"kubernetes.io/metadata.name": there} if there and there != here else {}
    notebooks = Peer(
        in_release=bool(here and not there),
        namespace_labels=elsewhere,
        pod_labels={"component": "singleuser-server"},
    )
    return {"notebooks": notebooks}
