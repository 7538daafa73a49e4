"""Notebooks: choices of hardware, homes, shared volumes."""

from __future__ import annotations

from typing import Annotated, Literal

from generator.components.fields import EnvValue, Image, Placement, Toleration, VolumeMount
from generator.model import Model, doc
from generator.names import DnsLabel
from generator.quantities import OptionalBytes, OptionalCpu, Storage


class Choice(Model):
    """One choice of hardware; the first is what users get who choose nothing."""

    name: Annotated[DnsLabel, doc("Name, each once.", example="gpu-slice")]
    title: Annotated[str, doc('What users read; "" takes the name.')] = ""
    description: Annotated[str, doc("A sentence below the title.")] = ""
    image: Annotated[Image, doc('Image; repository "" takes that of all notebooks.')] = Image()
    cpu: Annotated[OptionalCpu, doc('CPU; "" for no limit.', unit="cores", example="4")] = ""
    memory: Annotated[OptionalBytes, doc('Memory; "" for no limit.', unit="bytes", example="8Gi")] = ""
    cpu_request: Annotated[
        OptionalCpu, doc('CPU that is set aside; "" is as much as the limit.', unit="cores", example="500m")
    ] = ""
    memory_request: Annotated[
        OptionalBytes, doc('Memory that is set aside; "" is as much as the limit.', unit="bytes")
    ] = ""
    gpus: Annotated[int, doc("GPUs, or slices.", ge=0)] = 0
    node_selector: Annotated[
        dict[str, str],
        doc("Only on nodes with these labels.", example={"kubernetes.io/hostname": "kitt"}),
    ] = {}
    tolerations: Annotated[list[Toleration], doc("Taints that it accepts.")] = []


class Home(Model):
    """Where users' files are. They stay when the notebook stops, and when the release goes."""

    kind: Annotated[
        Literal["class", "claim", "none"],
        doc("A claim for each user by a class, a folder for each user in one claim, or nothing that stays."),
    ] = "class"
    mount_path: Annotated[str, doc("The home in the containers.", pattern="^/")] = "/home/jovyan"
    size: Annotated[Storage, doc("Size of each home, for kind class.", unit="bytes")] = "10Gi"
    class_name: Annotated[str, doc('Class, for kind class; "" takes the default one.', example="nfs")] = ""
    access_modes: Annotated[
        list[Literal["ReadWriteOnce", "ReadWriteMany", "ReadWriteOncePod"]],
        doc("Access modes, for kind class."),
    ] = ["ReadWriteOnce"]
    claim: Annotated[str, doc("Claim in the hub's namespace, for kind claim.", example="homes")] = ""
    folder: Annotated[
        str,
        doc("Folder of a user in the claim, for kind claim; the notebook's user makes it, not root."),
    ] = "home/{username}"


class User(Model):
    """User and groups of the notebooks; never root, as Pod Security `restricted` asks."""

    run_as_user: Annotated[int, doc("User ID.", ge=1)] = 1000
    run_as_group: Annotated[int, doc("Group ID.", ge=1)] = 100
    fs_group: Annotated[
        int,
        doc("Group that owns mounted volumes; 0 leaves them alone, as a squashed NFS export needs.", ge=0),
    ] = 100


class Notebook(Model):
    """What all notebooks have in common, and the choices."""

    image: Annotated[Image, doc('Image of all; repository "" takes that of Zero to JupyterHub.')] = Image()
    choices: Annotated[
        list[Choice],
        doc(
            "Choices of hardware in the order in which users read them.",
            example=[{"name": "cpu", "cpu": "4", "memory": "8Gi"}],
        ),
    ] = []
    home: Annotated[Home, doc("Users' homes.")] = Home()
    volumes: Annotated[
        dict[DnsLabel, VolumeMount],
        doc(
            "Claims of the hub's namespace in every notebook, by name.",
            example={"data": {"claim": "data", "mountPath": "/data"}},
        ),
    ] = {}
    environment: Annotated[
        dict[str, EnvValue], doc("Environment variables.", example={"NO_PROXY": ".cluster.local"})
    ] = {}
    shared_memory: Annotated[
        OptionalBytes,
        doc('Limit of /dev/shm, part of the memory; "" is the 64Mi of the runtime.', unit="bytes"),
    ] = ""
    user: Annotated[User, doc("User and groups; those of the Jupyter images.")] = User()
    placement: Annotated[Placement, doc("Nodes: `worker` prefers those without the system label.")] = "worker"
    default_url: Annotated[str, doc('Page after the start; "" is the image\'s own.', example="/lab")] = ""
    start_timeout_seconds: Annotated[
        int, doc("Time for a notebook to start, pulling included.", unit="seconds", ge=1)
    ] = 300
