"""Values of the chart: one scheduler, groups of workers, a notebook."""

from __future__ import annotations

from typing import Annotated

from generator.components.base import ChartValues
from generator.components.dask.pod import PodSettings, PodUser
from generator.components.dask.service import Metrics, NetworkPolicy, NotebookService, Route, SchedulerService
from generator.components.dask.worker import Worker, WorkerGroup
from generator.components.fields import Amounts, Image, Raw, Resources, VolumeMount
from generator.model import Model, doc
from generator.names import DnsLabel
from generator.quantities import OptionalBytes

DASK_VERSION = "2025.11.0"


class Scheduler(PodSettings):
    """The one scheduler; never two, since each would hold half of the workers."""

    command: Annotated[list[str], doc("Program; the arguments follow it.", example=["dask-scheduler"])] = [
        "dask",
        "scheduler",
    ]
    port: Annotated[int, doc("Port of scheduler, Service, workers and clients alike.", ge=1, le=65535)] = 8786
    dashboard_port: Annotated[int, doc("Port of dashboard, health and metrics.", ge=1, le=65535)] = 8787
    resources: Annotated[Resources, doc("CPU, memory and local disk.")] = Resources(
        requests=Amounts(cpu="100m"), limits=Amounts(cpu="1", memory="1Gi")
    )
    service: Annotated[
        SchedulerService,
        doc("Who reaches it runs code on the workers: limit the ranges, or use TLS, before it is exposed."),
    ] = SchedulerService()
    route: Annotated[Route, doc("HTTPRoute to the dashboard; it has no login.")] = Route()


class Auth(Model):
    """How the notebook is opened. The Secret is never made by the chart; NOTES shows how."""

    secret_name: Annotated[
        str, doc('Secret with the token; "" means <release>-dask-notebook. Without it the pod waits.')
    ] = ""
    key: Annotated[str, doc("Key of the Secret; its value is typed in the login page.")] = "token"


class Home(Model):
    """The notebook's home directory."""

    mount_path: Annotated[str, doc("Where it is mounted.", pattern="^/")] = "/home/jovyan/work"
    claim: Annotated[
        str, doc('PersistentVolumeClaim that keeps it; "" forgets it when the pod goes.', example="notebooks")
    ] = ""
    size_limit: Annotated[
        OptionalBytes, doc('Limit without a claim; "" for none.', unit="bytes", example="10Gi")
    ] = ""


class Notebook(PodSettings):
    """JupyterLab with a client of the scheduler."""

    enabled: Annotated[bool, doc("Render the notebook.")] = True
    image: Annotated[Image, doc("Image of the notebook; its Dask must be that of the workers.")] = Image(
        repository="ghcr.io/dask/dask-notebook", tag=DASK_VERSION
    )
    command: Annotated[
        list[str], doc("Program; the arguments follow it.", example=["jupyter", "notebook"])
    ] = ["jupyter", "lab"]
    port: Annotated[int, doc("Port of Jupyter and its Service.", ge=1025, le=65535)] = 8888
    auth: Annotated[Auth, doc("Token that opens it.")] = Auth()
    home: Annotated[Home, doc("Directory where it starts.")] = Home()
    root_dir: Annotated[str, doc('Directory that the browser shows; "" is the home.', example="/arl")] = ""
    config: Annotated[
        str,
        doc(
            "Python text of jupyter_server_config.py.",
            example="c.ServerApp.shutdown_no_activity_timeout = 3600",
        ),
    ] = ""
    user: Annotated[PodUser, doc("User and groups; those of the Jupyter images.")] = PodUser(
        run_as_group=100, fs_group=100
    )
    resources: Annotated[Resources, doc("CPU, memory and local disk.")] = Resources(
        requests=Amounts(cpu="100m"), limits=Amounts(cpu="1", memory="1Gi")
    )
    service: Annotated[NotebookService, doc("How it is reached.")] = NotebookService()
    route: Annotated[Route, doc("HTTPRoute to the notebook.")] = Route()


class Tls(Model):
    """Encryption between scheduler, workers and clients, each with the same certificate."""

    secret_name: Annotated[
        str, doc('Secret with ca.crt, tls.crt and tls.key, as cert-manager makes them; "" for none.')
    ] = ""


class ComputeTest(Model):
    """`helm test`: a computation through the scheduler, a file on each shared volume."""

    enabled: Annotated[bool, doc("Render the test.")] = True
    timeout_seconds: Annotated[int, doc("Time for workers to come and compute.", unit="seconds", ge=1)] = 240
    resources: Annotated[Resources, doc("CPU, memory and local disk.")] = Resources(
        requests=Amounts(cpu="100m"), limits=Amounts(cpu="500m", memory="512Mi")
    )


class DaskValues(ChartValues):
    """Root of the chart's values."""

    namespace: Annotated[str, doc('Namespace of all objects; "" takes that of the release.')] = ""
    image: Annotated[Image, doc("Image of scheduler, workers and test.")] = Image(
        repository="ghcr.io/dask/dask", tag=DASK_VERSION
    )
    config: Annotated[
        Raw,
        doc(
            "Dask's configuration for all pods, as in a file of ~/.config/dask.",
            example={"distributed": {"worker": {"memory": {"target": 0.5}}}},
        ),
    ] = {}
    volumes: Annotated[
        dict[DnsLabel, VolumeMount],
        doc(
            "Claims mounted in scheduler, workers and notebook, by name.",
            example={"data": {"claim": "data", "mountPath": "/arl/data"}},
        ),
    ] = {}
    scheduler: Annotated[Scheduler, doc("The scheduler.")] = Scheduler()
    worker: Annotated[Worker, doc("The base group of workers.")] = Worker()
    worker_groups: Annotated[
        dict[DnsLabel, WorkerGroup],
        doc(
            "Further groups by name. A key left out is that of `worker`; resources, image, lists and"
            " free maps are replaced whole.",
            example={
                "gpu": {"replicas": 2, "gpus": 1, "resources": {"limits": {"cpu": "8", "memory": "32Gi"}}}
            },
        ),
    ] = {}
    notebook: Annotated[Notebook, doc("The notebook.")] = Notebook()
    tls: Annotated[Tls, doc("Encryption of Dask's own connections.")] = Tls()
    network_policy: Annotated[NetworkPolicy, doc("Which connections are allowed.")] = NetworkPolicy()
    metrics: Annotated[Metrics, doc("Metrics for the Prometheus operator.")] = Metrics()
    test: Annotated[ComputeTest, doc("What `helm test` does.")] = ComputeTest()
    extra_objects: Annotated[list[Raw], doc("Further manifests of yours, installed with the chart.")] = []
