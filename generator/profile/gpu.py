"""How GPUs are advertised and shared."""

from __future__ import annotations

from typing import Annotated, Literal

from generator.model import Model, doc
from generator.names import AbsolutePath, DnsLabel, DnsName

MigSlice = Annotated[
    str, doc("A MIG slice as NVIDIA names it.", example="1g.10gb", pattern=r"^[1-7]g\.\d{1,3}gb(\+[a-z.]+)?$")
]
MigLayoutName = Annotated[
    str, doc("Name of a MIG layout.", pattern=r"^[a-z0-9]([a-z0-9.+_-]*[a-z0-9])?$", max_length=63)
]


class Sharing(Model):
    """How one physical GPU becomes several; memory is not divided by time-slicing."""

    strategy: Annotated[
        Literal["none", "time-slicing", "mps", "mig"], doc("How pods share a GPU.", example="time-slicing")
    ] = "none"
    replicas: Annotated[
        int | None,
        doc(
            "Slices of one GPU, for time-slicing and MPS; with MIG, pods that take turns on one MIG slice.",
            unit="slices",
            example=4,
            ge=2,
            le=64,
        ),
    ] = None
    rename: Annotated[
        bool, doc("Advertise slices as nvidia.com/gpu.shared instead of nvidia.com/gpu.", example=False)
    ] = False
    allow_several: Annotated[
        bool,
        doc(
            "Let one container ask for several slices, which may be of one GPU and give it no more than one.",
            example=False,
        ),
    ] = False
    profile: Annotated[
        MigLayoutName | None,
        doc("MIG layout: one of `gpu.migLayouts`, or one of mig-parted's own.", example="all-1g.5gb"),
    ] = None
    mig_strategy: Annotated[
        Literal["single", "mixed"],
        doc(
            "Names of MIG slices: `single` calls all of them nvidia.com/gpu, `mixed` each by its size, such "
            "as nvidia.com/mig-1g.5gb.",
            example="mixed",
        ),
    ] = "single"


class MigDevices(Model):
    """How some GPUs of a node are cut."""

    devices: Annotated[
        list[Annotated[int, doc("Index of a GPU.", ge=0, le=63)]],
        doc("Indexes of the GPUs; all of the node when left out.", example=[0, 1]),
    ] = []
    slices: Annotated[
        dict[MigSlice, Annotated[int, doc("How many of each GPU.", ge=1, le=7)]],
        doc("Number of slices of each size; left out, the GPU stays whole.", example={"1g.10gb": 7}),
    ] = {}


class DraClaim(Model):
    """A kind of claim for a GPU through Dynamic Resource Allocation."""

    product: Annotated[
        str | None,
        doc("Only GPUs of this product, as the driver names it.", example="NVIDIA A100-SXM4-80GB"),
    ] = None
    sharing: Annotated[
        Literal["none", "time-slicing", "mps"], doc("How the pods of one claim share its GPU.")
    ] = "none"
    interval: Annotated[
        Literal["Default", "Short", "Medium", "Long"], doc("Length of a turn, for time-slicing.")
    ] = "Default"


class Dra(Model):
    """GPUs through Dynamic Resource Allocation instead of the device plugin, on nodes set apart for it."""

    nodes: Annotated[
        list[DnsName],
        doc(
            "Nodes whose GPUs the DRA driver serves, and the device plugin not.",
            example=["karr"],
            min_length=1,
        ),
    ]
    claims: Annotated[
        dict[DnsLabel, DraClaim],
        doc("Kinds of claims; each becomes a ResourceClaimTemplate.", example={"gpu": {"sharing": "none"}}),
    ] = {}


class Experimental(Model):
    """What upstream does not call ready yet."""

    dra: Annotated[
        Dra | None, doc("Dynamic Resource Allocation; left out, none.", example={"nodes": ["karr"]})
    ] = None


class Gpu(Model):
    """What makes GPUs visible to Kubernetes, and how they are shared."""

    advertised_by: Annotated[
        Literal["gpu-operator", "device-plugin", "none"],
        doc("What advertises the GPUs: NVIDIA's operator, the bare device plugin, or something of your own."),
    ] = "gpu-operator"
    driver: Annotated[
        Literal["host", "operator"],
        doc("Who installs the NVIDIA driver: the machine's own system or the operator."),
    ] = "host"
    driver_root: Annotated[
        AbsolutePath, doc("Where the driver's files are, the same path on all GPU nodes.", example="/")
    ] = "/"
    collect_driver_files: Annotated[
        AbsolutePath | None,
        doc(
            "Also collect the driver's files here, for software that mounts them.", example="/var/lib/nvidia"
        ),
    ] = None
    default_runtime: Annotated[
        bool,
        doc("Make nvidia containerd's default runtime, instead of the RuntimeClass `nvidia`.", example=False),
    ] = False
    sharing: Annotated[Sharing, doc("Sharing of all GPUs, unless a node names another configuration.")] = (
        Sharing()
    )
    configs: Annotated[
        dict[DnsLabel, Sharing],
        doc("More named configurations, for `nodes[].gpus.config`.", example={"whole": {"strategy": "none"}}),
    ] = {}
    mig_layouts: Annotated[
        dict[MigLayoutName, list[MigDevices]],
        doc(
            "Own MIG layouts, for `profile` of a sharing.",
            example={"half": [{"devices": [0], "slices": {"1g.10gb": 7}}, {"devices": [1]}]},
        ),
    ] = {}
    resource: Annotated[
        str | None,
        doc(
            "Resource that the platform's pods ask for; follows the sharing when left out. Needed where MIG "
            "slices of several sizes have names of their own.",
            example="nvidia.com/mig-1g.10gb",
            pattern=r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?/[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$",
            max_length=63,
        ),
    ] = None
    experimental: Annotated[Experimental, doc("What upstream does not call ready yet.")] = Experimental()
