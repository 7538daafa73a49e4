"""Values of the chart `training`."""

from __future__ import annotations

from typing import Annotated, Literal

from generator.components.base import ChartValues
from generator.components.fields import EnvValue, Image, Placement, Resources, Toleration
from generator.components.training.queues import Queues
from generator.model import Model, doc
from generator.names import DnsLabel, DnsName, LabelKey, LabelValue
from generator.quantities import OptionalBytes

_SIZE = {"requests": {"cpu": "1", "memory": "2Gi"}, "limits": {"cpu": "4", "memory": "8Gi"}}


class Runtime(Model):
    """What a TrainJob is filled up with: how its nodes start and find each other."""

    framework: Annotated[
        Literal["torch", "mpi", "deepspeed"], doc("torch: torchrun's rendezvous; the others: MPI over ssh.")
    ] = "torch"
    image: Annotated[Image, doc("Image; a job may bring its own.")]
    nodes: Annotated[int, doc("Nodes of a job that names no number.", unit="pods", ge=1)] = 1
    gpus: Annotated[
        int, doc("GPUs, or slices, of each node; above 0 its pods get the GPU's RuntimeClass.", ge=0)
    ] = 0
    processes: Annotated[int, doc("Processes of each node, for MPI.", ge=1)] = 1
    resources: Annotated[Resources, doc("Size of each node, beside its GPUs.")] = Resources.model_validate(
        _SIZE
    )
    shared_memory: Annotated[
        OptionalBytes,
        doc('Size of /dev/shm, which data loaders use; part of the memory; "" for 64Mi.', unit="bytes"),
    ] = "1Gi"
    user: Annotated[int, doc("User and group id of the processes.", ge=1)] = 1000
    placement: Annotated[Placement, doc("Kind of nodes.")] = "worker"
    node_selector: Annotated[dict[LabelKey, LabelValue], doc("Only nodes with these labels.")] = {}
    tolerations: Annotated[list[Toleration], doc("Taints that the pods accept.")] = []


class Job(Model):
    """A TrainJob; with the v1 operator a PyTorchJob. Changed, it is another job: the old one goes."""

    namespace: Annotated[
        str, doc("Its namespace, which must exist or be a team's; \"\" takes the release's.", max_length=63)
    ] = ""
    runtime: Annotated[DnsName, doc("One of `runtimes`, or one that is there; not for v1.")] = (
        "torch-distributed"
    )
    queue: Annotated[str, doc('LocalQueue that it waits in; "" starts it at once.', max_length=63)] = ""
    image: Annotated[Image, doc("Image; the runtime's when left out, and needed for v1.")] = Image()
    command: Annotated[list[str], doc("Command; [] takes the image's.", example=["python3", "train.py"])] = []
    args: Annotated[list[str], doc("Arguments.", example=["--epochs=3"])] = []
    env: Annotated[dict[str, EnvValue], doc("Environment.", example={"EPOCHS": "3"})] = {}
    nodes: Annotated[int, doc("Number of nodes.", unit="pods", ge=1)] = 1
    gpus: Annotated[int, doc("GPUs, or slices, of each node.", ge=0)] = 0
    resources: Annotated[Resources, doc("Size of each node, beside its GPUs.")] = Resources.model_validate(
        _SIZE
    )


class NetworkPolicy(Model):
    """Which pods may connect to those of a job."""

    enabled: Annotated[
        bool, doc("Let the training pods of a namespace reach each other, and nobody else them.")
    ] = True
    namespaces: Annotated[
        list[DnsLabel],
        doc("Namespaces that get it, beside those of `jobs`.", example=["vision"]),
    ] = []


class TrainingValues(ChartValues):
    """Runtimes and jobs of Kubeflow Trainer, and queues of Kueue that agree with the teams' quotas."""

    operator: Annotated[
        Literal["trainer-v2", "training-operator-v1"],
        doc("v1 has PyTorchJobs and no runtimes; upstream no longer develops it."),
    ] = "trainer-v2"
    runtimes: Annotated[
        dict[DnsName, Runtime],
        doc(
            "Runtimes by name, as `runtimeRef.name` of a TrainJob has it.",
            example={"torch-distributed": {"image": {"repository": "pytorch/pytorch", "tag": "2.13.0"}}},
        ),
    ] = {}
    namespaces: Annotated[
        list[DnsLabel],
        doc(
            "Namespaces that get the runtimes as TrainingRuntimes; [] makes ClusterTrainingRuntimes, for all."
        ),
    ] = []
    jobs: Annotated[
        dict[DnsLabel, Job],
        doc("Jobs by name.", example={"mnist": {"namespace": "vision", "command": ["python3", "train.py"]}}),
    ] = {}
    queues: Annotated[Queues, doc("Queues of Kueue.")] = Queues()
    network_policy: Annotated[NetworkPolicy, doc("NetworkPolicies of training pods.")] = NetworkPolicy()
