"""From a profile's `training` section to the chart's values."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.components.fields import Amounts, Image, Resources, Toleration
from generator.components.lean import lean
from generator.components.shared import build_global
from generator.components.training.queues import Flavor, Queues, TeamQueue
from generator.components.training.shares import all_cpu, all_memory, products, spread
from generator.components.training.values import Job, NetworkPolicy, Runtime, TrainingValues
from generator.names import image_parts
from generator.profile.gpu_sharing import PRODUCT_LABEL

if TYPE_CHECKING:
    from generator.profile import workloads
    from generator.profile.model import Profile
    from generator.profile.teams import Team

_MPI_IMAGE = Image(repository="ghcr.io/kubeflow/trainer/deepspeed-runtime", tag="v2.3.0")
IMAGES = {
    "torch": Image(repository="docker.io/pytorch/pytorch", tag="2.13.0-cuda13.0-cudnn9-runtime"),
    "mpi": _MPI_IMAGE,
    "deepspeed": _MPI_IMAGE,
}
"""Images of the runtimes where the profile names none; the MPI one has sshd set up for user 1000."""


def build(profile: Profile) -> TrainingValues:
    """`enabled=False` when the profile has no training."""
    wish, shared = profile.training, build_global(profile)
    if wish is None:
        return TrainingValues(enabled=False, global_=shared)
    return TrainingValues(
        global_=shared,
        operator=wish.operator,
        runtimes=_runtimes(profile, wish) if wish.operator == "trainer-v2" else {},
        jobs={name: _job(profile, wish, job) for name, job in wish.jobs.items()},
        queues=_queues(profile) if wish.queues else Queues(),
        network_policy=NetworkPolicy(namespaces=list(dict.fromkeys(profile.team_namespaces.values()))),
    )


def _runtimes(profile: Profile, wish: workloads.Training) -> dict[str, Runtime]:
    """With GPUs, each runtime twice: pods without a GPU must not ask for the GPU's RuntimeClass."""
    gpus = 1 if products(profile) else 0
    found = {}
    for framework in dict.fromkeys(wish.runtimes):
        for count in sorted({gpus, 0}, reverse=True):
            made = lean(Runtime, framework=framework, image=_image(wish, framework), gpus=count)
            if count:
                made = made.model_copy(update={"tolerations": _gpu_taints(profile)})
            found[_runtime_name(profile, framework, count)] = made
    return found


def _runtime_name(profile: Profile, framework: str, gpus: int) -> str:
    return f"{framework}-distributed" + ("-cpu" if products(profile) and not gpus else "")


def _gpu_taints(profile: Profile) -> list[Toleration]:
    """The usual taint of GPU nodes, and those of the profile's own."""
    found = [Toleration(key="nvidia.com/gpu", effect="NoSchedule")]
    taints = {(one.key, one.effect) for node in profile.nodes if node.gpus for one in node.taints}
    return found + [lean(Toleration, key=key, effect=effect) for key, effect in sorted(taints)]


def _image(wish: workloads.Training, framework: workloads.TrainingRuntime) -> Image:
    reference = wish.images.get(framework)
    return Image.model_validate(image_parts(reference)) if reference else IMAGES[framework]


def _job(profile: Profile, wish: workloads.Training, job: workloads.TrainingJob) -> Job:
    v1 = wish.operator == "training-operator-v1"
    image = Image.model_validate(image_parts(job.image)) if job.image else Image()
    return lean(
        Job,
        namespace=profile.namespace_of(job.team),
        runtime=_runtime_name(profile, job.runtime, job.gpus),
        queue=job.team if wish.queues else "",
        image=_image(wish, job.runtime) if v1 and not job.image else image,
        command=list(job.command),
        nodes=job.nodes,
        gpus=job.gpus,
    ).model_copy(update={"resources": Resources(limits=Amounts(cpu=job.cpu, memory=job.memory))})


def _queues(profile: Profile) -> Queues:
    there = products(profile)
    return Queues(
        enabled=True,
        flavors={flavor_name(product): Flavor(node_labels={PRODUCT_LABEL: product}) for product in there},
        teams={team.name: _team(profile, team, there) for team in profile.teams},
    )


def flavor_name(product: str) -> str:
    """A product label as a name: `tesla-t4-shared`."""
    return re.sub(r"[^a-z0-9]+", "-", product.lower()).strip("-")


def _team(profile: Profile, team: Team, there: dict[str, int]) -> TeamQueue:
    """What the team's quota does not bound, the machines do."""
    quota = team.quota
    shares = spread(quota.gpus if quota else None, there)
    return lean(
        TeamQueue,
        namespace=team.namespace or "",
        cpu=(quota and quota.cpu) or all_cpu(profile),
        memory=(quota and quota.memory) or all_memory(profile),
        gpus={flavor_name(product): count for product, count in shares.items()},
    )
