"""How GPUs are advertised and shared."""

from __future__ import annotations

from typing import Annotated, Literal

from generator.model import Model, doc
from generator.names import AbsolutePath, DnsLabel


class Sharing(Model):
    """How one physical GPU becomes several; memory is not divided by time-slicing."""

    strategy: Annotated[
        Literal["none", "time-slicing", "mps", "mig"], doc("How pods share a GPU.", example="time-slicing")
    ] = "none"
    replicas: Annotated[
        int | None, doc("Slices of one GPU, for time-slicing and MPS.", unit="slices", example=4, ge=2, le=64)
    ] = None
    rename: Annotated[
        bool, doc("Advertise slices as nvidia.com/gpu.shared instead of nvidia.com/gpu.", example=False)
    ] = False
    profile: Annotated[
        str | None,
        doc(
            "MIG layout by name of mig-parted, for MIG.",
            example="all-1g.5gb",
            pattern=r"^[a-z0-9][a-z0-9.+-]*$",
        ),
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
