"""What runs on the platform: Dask, JupyterHub, Kubeflow, training."""

from __future__ import annotations

from typing import Annotated, Literal

from generator.model import Model, doc
from generator.names import AbsolutePath, DnsLabel, DnsName, Duration, Image, LabelKey, LabelValue
from generator.profile.nodes import Taint
from generator.profile.secrets import SecretKey
from generator.quantities import Cpu, Memory, Storage

Placement = Literal["worker", "system", "build", "any"]
_PROXY = r"^(https?://[^@\s]+)?$"
ServiceType = Literal["ClusterIP", "NodePort", "LoadBalancer"]


class Mount(Model):
    """A volume of `storage.volumes` at a path in the containers."""

    volume: Annotated[DnsLabel, doc("Name of the volume.", example="arl-data")]
    mount_path: Annotated[AbsolutePath, doc("Where it appears.", example="/arl/data")]
    read_only: Annotated[bool, doc("Mount it without write access.", example=False)] = False
    sub_path: Annotated[str, doc("Only this folder of it.", example="shared", pattern=r"^([^/].*)?$")] = ""


class Size(Model):
    """What a container asks for, and gets at most."""

    cpu: Annotated[Cpu, doc("CPU.", unit="cores", example="500m")] = "500m"
    memory: Annotated[Memory, doc("Memory.", unit="bytes", example="512Mi")] = "512Mi"


class Autoscale(Model):
    """Bounds between which the number of workers follows the load."""

    min: Annotated[int, doc("At least.", unit="pods", example=1, ge=1)] = 1
    max: Annotated[int, doc("At most.", unit="pods", example=10, ge=1)]
    cpu: Annotated[int, doc("CPU use that is aimed at.", unit="percent", example=80, ge=10, le=100)] = 80


class WorkerGroup(Size):
    """Workers of one kind."""

    replicas: Annotated[int, doc("Number of workers.", unit="pods", example=2, ge=0, le=10000)] = 1
    gpus: Annotated[int, doc("GPUs, or slices, of each worker.", unit="GPUs", example=1, ge=0, le=64)] = 0
    threads: Annotated[
        int | None,
        doc("Threads of each worker; follows its CPU when left out.", unit="threads", example=2, ge=1),
    ] = None
    placement: Annotated[Placement, doc("Nodes: `worker` prefers nodes without the system label.")] = "worker"
    node_labels: Annotated[
        dict[LabelKey, LabelValue],
        doc("Only on nodes with these labels.", example={"example.org/rack": "a1"}),
    ] = {}
    autoscale: Annotated[Autoscale | None, doc("Let the number follow the load.", example={"max": 10})] = None


class Workers(WorkerGroup):
    """The workers, and more groups of them."""

    groups: Annotated[
        dict[DnsLabel, WorkerGroup], doc("More groups by name.", example={"gpu": {"gpus": 1}})
    ] = {}


class Notebook(Size):
    """A Jupyter notebook server beside the scheduler."""

    enabled: Annotated[bool, doc("Run it.", example=True)] = True
    image: Annotated[
        Image | None,
        doc(
            "Its image, where it is not Dask's own notebook image.",
            example="ghcr.io/dask/dask-notebook:2025.11.0",
        ),
    ] = None
    token_secret: Annotated[
        SecretKey | None,
        doc(
            "Login token; `labhelm up` and `make deploy` make one when left out.",
            example={"name": "arl-login", "key": "token"},
        ),
    ] = None


class Dask(Model):
    """A Dask cluster: scheduler, workers, notebook."""

    team: Annotated[
        DnsLabel | None,
        doc("Team in whose namespace it runs; the release's own when left out.", example="vision"),
    ] = None
    image: Annotated[
        Image | None,
        doc(
            "Image of scheduler and workers; Dask's own when left out.", example="ghcr.io/dask/dask:2025.11.0"
        ),
    ] = None
    scheduler: Annotated[Size, doc("Size of the scheduler.")] = Size()
    workers: Annotated[Workers, doc("Workers.")] = Workers()
    notebook: Annotated[Notebook, doc("Notebook server.")] = Notebook()
    service: Annotated[ServiceType, doc("How scheduler and notebook are reached.", example="NodePort")] = (
        "ClusterIP"
    )
    volumes: Annotated[
        list[Mount],
        doc(
            "Volumes, the same in scheduler, workers and notebook.",
            example=[{"volume": "arl-data", "mountPath": "/arl/data"}],
        ),
    ] = []


class HubProfile(Size):
    """One choice of hardware at login."""

    name: Annotated[DnsLabel, doc("Name of the choice.", example="gpu-slice")]
    title: Annotated[
        str, doc("What users read; made from the sizes when left out.", example="1 GPU slice, 4 cores")
    ] = ""
    description: Annotated[str, doc("A sentence below it.", example="For training.")] = ""
    image: Annotated[
        Image | None,
        doc("Image; z2jh's own when left out.", example="quay.io/jupyter/pytorch-notebook:2025-11-01"),
    ] = None
    gpus: Annotated[int, doc("GPUs, or slices.", unit="GPUs", example=1, ge=0, le=64)] = 0
    node: Annotated[DnsName | None, doc("Only on this node.", example="kitt")] = None
    node_labels: Annotated[
        dict[LabelKey, LabelValue],
        doc("Only on nodes with these labels.", example={"nvidia.com/gpu.product": "Tesla-T4"}),
    ] = {}


class HubDatabase(Model):
    """Where the hub keeps users and running notebooks: one small SQLite file."""

    size: Annotated[Storage, doc("Size of its volume.", unit="bytes", example="1Gi")] = "1Gi"
    storage_class: Annotated[
        DnsName | None,
        doc("Class, never one of NFS or SMB; the default one when left out.", alias="class", example="local"),
    ] = None


class HubLimits(Model):
    """What all users together may have."""

    running: Annotated[int, doc("Notebooks at the same time; 0 for any number.", unit="notebooks", ge=0)] = 0
    starting: Annotated[
        int, doc("Notebooks that may start at the same time.", unit="notebooks", ge=1, example=10)
    ] = 10
    max_age: Annotated[
        Duration | None,
        doc("Notebooks are stopped at this age, busy or not: a running cell counts as busy.", example="7d"),
    ] = None


class HubHome(Model):
    """Where users' files are."""

    size: Annotated[Storage, doc("Size of each home.", unit="bytes", example="10Gi")] = "10Gi"
    storage_class: Annotated[
        DnsName | None, doc("Class; the default one when left out.", alias="class", example="nfs")
    ] = None
    volume: Annotated[
        DnsLabel | None, doc("One shared volume with a folder for each user instead.", example="homes")
    ] = None


class JupyterHub(Model):
    """Notebooks for many users, by Zero to JupyterHub."""

    team: Annotated[DnsLabel | None, doc("Team in whose namespace it runs.", example="vision")] = None
    profiles: Annotated[
        list[HubProfile],
        doc(
            "Choices of hardware, the first is the default.",
            example=[{"name": "cpu", "cpu": 4, "memory": "8Gi"}],
        ),
    ] = []
    home: Annotated[HubHome, doc("Users' homes.")] = HubHome()
    volumes: Annotated[
        list[Mount], doc("Volumes in every notebook.", example=[{"volume": "arl-data", "mountPath": "/data"}])
    ] = []
    idle_timeout: Annotated[
        Duration, doc("Notebooks idle for longer are stopped; files stay.", example="1h")
    ] = "1h"
    limits: Annotated[HubLimits, doc("Limits for all users together.")] = HubLimits()
    database: Annotated[HubDatabase, doc("The hub's own database.")] = HubDatabase()


class Proxy(Model):
    """The way to the internet for pods, where there is no other."""

    http: Annotated[str, doc("Proxy for http.", example="http://proxy.example.org:3128", pattern=_PROXY)] = ""
    https: Annotated[
        str,
        doc(
            "Proxy for https; that for http when left out.",
            example="http://proxy.example.org:3128",
            pattern=_PROXY,
        ),
    ] = ""
    direct: Annotated[
        list[str],
        doc("Reached without it, besides the cluster itself and its machines.", example=[".example.org"]),
    ] = []


class PodDefault(Model):
    """What a pod gets that carries a label; users of Kubeflow's notebooks choose it in a list."""

    title: Annotated[str, doc("What users read in the list; the name when left out.", example="Our data")] = (
        ""
    )
    labels: Annotated[
        dict[LabelKey, LabelValue],
        doc('Labels of the pods that get it; `<name>: "true"` when left out.', example={"team-data": "true"}),
    ] = {}
    teams: Annotated[list[DnsLabel], doc("Only in these teams; all when left out.", example=["vision"])] = []
    env: Annotated[
        dict[str, str], doc("Environment variables.", example={"HF_HOME": "/data/huggingface"})
    ] = {}
    volumes: Annotated[
        list[Mount],
        doc("Volumes of the teams.", example=[{"volume": "arl-data", "mountPath": "/data"}]),
    ] = []
    pull_secrets: Annotated[list[DnsName], doc("Pull secrets.", example=["team-registry"])] = []
    tolerations: Annotated[
        list[Taint], doc("Taints that the pods accept.", example=[{"key": "example.org/dedicated"}])
    ] = []


class Kubeflow(Model):
    """Kubeflow's central dashboard, notebooks and pipelines."""

    registration_flow: Annotated[bool, doc("Make a namespace for new users by themselves.", example=True)] = (
        True
    )
    version: Annotated[str, doc("Release of the manifests.", example="1.11", pattern=r"^1\.\d+(\.\d+)?$")] = (
        "1.11"
    )
    entry: Annotated[
        Literal["platform", "istio"],
        doc(
            "Who ends HTTPS: the platform's own way in, in front of Istio, or Istio's ingress gateway with "
            "an address of its own.",
            example="istio",
        ),
    ] = "platform"
    volumes: Annotated[
        list[Mount],
        doc(
            "Volumes that users may choose for their notebooks, each as a PodDefault.",
            example=[{"volume": "arl-data", "mountPath": "/data"}],
        ),
    ] = []
    proxy: Annotated[
        Proxy | None,
        doc(
            "Proxy that users may choose, as a PodDefault.",
            example={"http": "http://proxy.example.org:3128"},
        ),
    ] = None
    pod_defaults: Annotated[
        dict[DnsLabel, PodDefault],
        doc(
            "PodDefaults of your own in every team's namespace.",
            example={"cache": {"env": {"HF_HOME": "/data/huggingface"}}},
        ),
    ] = {}


TrainingRuntime = Literal["torch", "mpi", "deepspeed"]


class TrainingJob(Size):
    """One training job; its sizes are those of each node of it."""

    team: Annotated[DnsLabel, doc("Team in whose namespace it runs.", example="vision")]
    runtime: Annotated[TrainingRuntime, doc("How its nodes find each other.")] = "torch"
    image: Annotated[
        Image | None,
        doc("Image; the runtime's when left out.", example="harbor.example.org/vision/train:1.0"),
    ] = None
    command: Annotated[
        list[str],
        doc("Command; the image's own when left out.", example=["torchrun", "/work/train.py"]),
    ] = []
    nodes: Annotated[int, doc("Number of nodes.", unit="pods", example=2, ge=1, le=1000)] = 1
    gpus: Annotated[int, doc("GPUs, or slices, of each node.", unit="GPUs", example=1, ge=0, le=64)] = 0


class Training(Model):
    """Training jobs."""

    operator: Annotated[
        Literal["trainer-v2", "training-operator-v1"], doc("Operator; v1 for those who have it.")
    ] = "trainer-v2"
    runtimes: Annotated[
        list[TrainingRuntime],
        doc("Runtimes that are offered by Trainer v2.", example=["torch", "deepspeed"]),
    ] = ["torch"]
    images: Annotated[
        dict[TrainingRuntime, Image],
        doc(
            "Images of the runtimes; upstream's when left out.",
            example={"torch": "pytorch/pytorch:2.13.0-cuda13.0-cudnn9-runtime"},
        ),
    ] = {}
    queues: Annotated[bool, doc("Queue jobs by team with Kueue.", example=False)] = False
    jobs: Annotated[
        dict[DnsLabel, TrainingJob],
        doc("Jobs by name.", example={"mnist": {"team": "vision", "command": ["python3", "train.py"]}}),
    ] = {}
