"""The machines: sizes, roles, GPUs, labels and taints."""

from __future__ import annotations

from typing import Annotated, Literal

from generator.model import Model, doc
from generator.names import Address, DnsLabel, DnsName, LabelKey, LabelValue
from generator.quantities import Cpu, Memory, Storage


class Gpus(Model):
    """The GPUs of one machine; all of one product."""

    product: Annotated[
        str,
        doc(
            "Name as GPU feature discovery writes it.",
            example="Tesla-T4",
            pattern=r"^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$",
            max_length=63,
        ),
    ]
    count: Annotated[int, doc("Number of physical GPUs.", unit="GPUs", example=1, ge=1, le=64)]
    memory: Annotated[Memory | None, doc("Memory of one GPU.", unit="bytes", example="16Gi")] = None
    config: Annotated[
        DnsLabel | None,
        doc(
            "Named sharing configuration of `gpu.configs` for this node; the default one when left out.",
            example="whole",
        ),
    ] = None


class Taint(Model):
    """A taint that pods must tolerate to run on the node."""

    key: Annotated[LabelKey, doc("Taint key.", example="example.org/dedicated")]
    value: Annotated[LabelValue, doc("Taint value.", example="vision")] = ""
    effect: Annotated[
        Literal["NoSchedule", "PreferNoSchedule", "NoExecute"],
        doc("What happens to pods without a toleration."),
    ] = "NoSchedule"


class Node(Model):
    """One machine."""

    name: Annotated[DnsName, doc("Host name of the machine, as Kubernetes shall know it.", example="kitt")]
    address: Annotated[
        Address | None,
        doc("Its fixed address; needed to prepare machines and for NFS exports.", example="192.168.11.11"),
    ] = None
    role: Annotated[Literal["control-plane", "worker"], doc("Role in the cluster.")] = "worker"
    schedulable: Annotated[
        bool | None,
        doc(
            "May workloads run on it? Left out: workers yes, control planes only if there is no worker.",
            example=True,
        ),
    ] = None
    purposes: Annotated[
        list[Literal["system", "build"]],
        doc(
            "Purposes: `system` for databases and the like, `build` for the image build cache.",
            example=["system"],
        ),
    ] = []
    cpu: Annotated[Cpu, doc("Size: CPU.", unit="cores", example=64)]
    memory: Annotated[Memory, doc("Size: memory.", unit="bytes", example="124Gi")]
    disk: Annotated[
        Storage | None, doc("Size of the disk for containers.", unit="bytes", example="500Gi")
    ] = None
    gpus: Annotated[Gpus | None, doc("Its GPUs.", example={"product": "Tesla-T4", "count": 1})] = None
    group: Annotated[
        DnsLabel | None, doc("Group of `nodePrep.groups` whose settings it gets.", example="gpu")
    ] = None
    labels: Annotated[
        dict[LabelKey, LabelValue], doc("More labels.", example={"example.org/rack": "a1"})
    ] = {}
    taints: Annotated[list[Taint], doc("Taints.", example=[{"key": "example.org/dedicated"}])] = []
