"""Workers: the base group, and groups that inherit from it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import SerializerFunctionWrapHandler, model_serializer

from generator.components.dask.pod import DisruptionBudget, PodSettings
from generator.components.fields import (
    Amounts,
    CountOrPercent,
    Image,
    Resources,
    TopologySpread,
)
from generator.model import Model, doc
from generator.quantities import OptionalBytes

SKEW_THAT_YIELDS = 1000
"""With a skew of 1, kube-scheduler's score for spreading is as high as that for a preferred node, and the
second worker goes to an empty system node. The score shrinks as the skew grows; equal nodes still share.
"""


class Autoscaling(Model):
    """HorizontalPodAutoscaler; while it is on, `replicas` is not rendered and so never set back."""

    enabled: Annotated[bool, doc("Scale with the load; needs metrics-server.")] = False
    min_replicas: Annotated[int, doc("Fewest workers.", ge=1)] = 1
    max_replicas: Annotated[int, doc("Most workers.", ge=1)] = 10
    cpu_utilization: Annotated[int, doc("Load to aim at, of the CPU request.", unit="percent", ge=1)] = 80
    scale_down_delay_seconds: Annotated[
        int, doc("How long the load must be low before workers go.", unit="seconds", ge=0, le=3600)
    ] = 300


class Lifetime(Model):
    """Workers that start anew from time to time, against leaks."""

    duration: Annotated[str, doc('Age at which a worker starts anew; "" for never.', example="1h")] = ""
    stagger: Annotated[str, doc("Random part of it, so that not all go at once.", example="5m")] = ""
    restart: Annotated[bool, doc("The nanny starts it again inside the same container.")] = True


class Scratch(Model):
    """Local directory for data that does not fit in memory."""

    size_limit: Annotated[
        OptionalBytes, doc('Pods over it are evicted; "" for no limit.', unit="bytes", example="20Gi")
    ] = ""
    medium: Annotated[Literal["", "Memory"], doc('"" is the node\'s disk.')] = ""


class Strategy(Model):
    """How a new version replaces the old; no surge, since GPUs are rarely to spare."""

    type: Annotated[Literal["RollingUpdate", "Recreate"], doc("In steps or all at once.")] = "RollingUpdate"
    max_surge: Annotated[CountOrPercent, doc("Pods above `replicas` during a roll.")] = "0"
    max_unavailable: Annotated[CountOrPercent, doc("Pods away during a roll.")] = "25%"


class Worker(PodSettings):
    """One group of workers; each pod runs one worker process."""

    command: Annotated[list[str], doc("Program; the arguments follow it.", example=["dask-cuda-worker"])] = [
        "dask",
        "worker",
    ]
    image: Annotated[Image, doc('Image of its own; repository "" takes the image of the chart.')] = Image()
    replicas: Annotated[int, doc("Number of workers; 0 is allowed.", ge=0)] = 1
    autoscaling: Annotated[Autoscaling, doc("Number of workers by load.")] = Autoscaling()
    strategy: Annotated[Strategy, doc("How new versions roll out.")] = Strategy()
    resources: Annotated[Resources, doc("CPU, memory and local disk of one worker.")] = Resources(
        limits=Amounts(cpu="500m", memory="512Mi")
    )
    gpus: Annotated[int, doc("GPUs of one worker; also announced to Dask as the resource GPU.", ge=0)] = 0
    dask_resources: Annotated[
        dict[str, float],
        doc("Resources announced to Dask, for tasks that name them.", example={"LICENCE": 1}),
    ] = {}
    threads: Annotated[int, doc("Threads; 0 takes the CPU limit (else the request), rounded up.", ge=0)] = 0
    memory_limit: Annotated[
        OptionalBytes,
        doc(
            'Memory that Dask manages; "" takes the memory limit, and without one Dask\'s own choice.',
            unit="bytes",
        ),
    ] = ""
    nanny: Annotated[bool, doc("A parent process that restarts the worker when it fails.")] = True
    death_timeout_seconds: Annotated[
        int, doc("Time without a scheduler until the worker gives up and restarts.", unit="seconds", ge=1)
    ] = 300
    lifetime: Annotated[Lifetime, doc("Planned restarts.")] = Lifetime()
    retire_on_stop: Annotated[
        bool, doc("Move a stopping worker's results to the others, so that scaling down loses none.")
    ] = True
    scratch: Annotated[Scratch, doc("Directory for spilled data.")] = Scratch()
    pdb: Annotated[
        DisruptionBudget, doc("Protection from drains; rendered where more than one worker can run.")
    ] = DisruptionBudget(enabled=True, max_unavailable="1")
    placement: Annotated[
        Literal["worker", "system", "build", "any"],
        doc("Nodes: worker prefers those without the system label; system and build require theirs."),
    ] = "worker"
    topology_spread: Annotated[
        list[TopologySpread],
        doc("How the workers spread over the nodes; the large skew lets `placement` weigh more."),
    ] = [TopologySpread(max_skew=SKEW_THAT_YIELDS)]
    termination_grace_period_seconds: Annotated[
        int, doc("Time to hand over results and stop.", unit="seconds", ge=0)
    ] = 60


class WorkerGroup(Worker):
    """What a further group of workers does differently from `worker`.

    A key that is left out is that of `worker`. `resources`, `image`, lists and free maps are replaced whole.
    """

    @model_serializer(mode="wrap")
    def _only_what_was_set(self, serialize: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """A default written out would hide the value of `worker`."""
        fields = type(self).model_fields
        unset = {name for name in fields if name not in self.model_fields_set}
        hidden = unset | {fields[name].alias or "" for name in unset}
        return {key: value for key, value in serialize(self).items() if key not in hidden}
