"""Values of the chart `gpu-sharing`."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from generator.components.base import ChartValues
from generator.components.fields import Image, Resources, Toleration
from generator.components.gpu_sharing.dra import Dra
from generator.components.gpu_sharing.plugin import PluginConfig
from generator.model import Model, doc
from generator.names import DnsName
from generator.profile.gpu import MigLayoutName, MigSlice

ConfigName = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$", max_length=63)
]
"""Key of a ConfigMap and value of a label at once."""


class Reader(Model):
    """Who reads the ConfigMaps: the device plugin, or the operator that runs it."""

    namespace: Annotated[
        str,
        doc(
            'Its namespace, which must exist; "" takes the release\'s.', example="gpu-operator", max_length=63
        ),
    ] = ""
    api: Annotated[
        str,
        doc(
            "Group, version and kind that a cluster serves when the reader is there. Without it the "
            "ConfigMaps go to the release's namespace, until an upgrade after the reader came; "
            '"" never asks.',
            example="nvidia.com/v1/ClusterPolicy",
        ),
    ] = ""


class MigDevices(Model):
    """How some GPUs of a node are cut."""

    devices: Annotated[list[int], doc("Indexes of the GPUs; [] for all of the node.", example=[0, 1])] = []
    slices: Annotated[
        dict[MigSlice, Annotated[int, doc("How many of each GPU.", ge=1, le=7)]],
        doc("Number of slices by size; {} leaves the GPUs whole.", example={"1g.10gb": 7}),
    ] = {}


class Mig(Model):
    """Layouts for NVIDIA's MIG manager, which makes the usual ones by itself."""

    config_map: Annotated[
        str, doc('Name of the ConfigMap; "" makes one from the release\'s name.', max_length=253)
    ] = ""
    layouts: Annotated[
        dict[MigLayoutName, list[MigDevices]],
        doc(
            "Layouts by name; {} for no ConfigMap. The MIG manager then knows these and no others.",
            example={"half": [{"devices": [0], "slices": {"1g.10gb": 7}}, {"devices": [1]}]},
        ),
    ] = {}


class RuntimeClass(Model):
    """RuntimeClass of pods with GPUs. The operator, k3s and RKE2 make it themselves."""

    create: Annotated[bool, doc("Make it.")] = False
    name: Annotated[DnsName, doc("Its name.")] = "nvidia"
    handler: Annotated[str, doc("Name of the runtime in containerd.", min_length=1)] = "nvidia"


class Test(Model):
    """`helm test`: a CUDA program that adds two vectors on a GPU and checks the sum."""

    enabled: Annotated[bool, doc("Render it.")] = True
    image: Annotated[Image, doc("Image that exits with 0 when it could use the GPU.")] = Image(
        repository="nvcr.io/nvidia/k8s/cuda-sample", tag="vectoradd-cuda12.5.0"
    )
    command: Annotated[
        list[str], doc("Instead of the image's entrypoint; [] keeps it.", example=["nvidia-smi", "-L"])
    ] = []
    nodes: Annotated[
        list[DnsName],
        doc(
            "Nodes that are tested, one after the other; [] tests one that has a free GPU.", example=["kitt"]
        ),
    ] = []
    run_as_user: Annotated[int, doc("User id.", ge=1)] = 65532
    tolerations: Annotated[list[Toleration], doc("Taints that the pods accept.")] = [
        Toleration(key="nvidia.com/gpu", effect="NoSchedule")
    ]
    deadline: Annotated[
        int,
        doc("How long a pod may take, waiting for a GPU and pulling included.", unit="seconds", ge=10),
    ] = 240
    resources: Annotated[Resources, doc("Size of a pod, beside one GPU.")] = Resources.model_validate(
        {"requests": {"cpu": "100m", "memory": "256Mi"}, "limits": {"cpu": "1", "memory": "1Gi"}}
    )


class GpuSharingValues(ChartValues):
    """Configurations of the NVIDIA device plugin: one key of a ConfigMap each, chosen by a node label."""

    reader: Annotated[Reader, doc("Who reads the ConfigMaps.")] = Reader()
    config_map: Annotated[
        str,
        doc(
            "Name of the ConfigMap, as the operator's `devicePlugin.config.name` or the plugin chart's "
            '`config.name` has it; "" makes one from the release\'s name.',
            max_length=253,
        ),
    ] = ""
    default_config: Annotated[
        ConfigName, doc("Configuration of nodes without label; it must be one of `configs`.")
    ] = "default"
    configs: Annotated[
        dict[ConfigName, PluginConfig],
        doc(
            "Configurations by name; {} for no ConfigMap.",
            example={"default": {"timeSlicing": {"replicas": {"nvidia.com/gpu": 4}}}},
        ),
    ] = {}
    nodes: Annotated[
        dict[DnsName, ConfigName],
        doc(
            "Nodes whose label nvidia.com/device-plugin.config names a configuration, for the notes. "
            "The label itself is set where the machine is prepared.",
            example={"kitt": "whole"},
        ),
    ] = {}
    mig: Annotated[Mig, doc("MIG layouts.")] = Mig()
    runtime_class: Annotated[RuntimeClass, doc("RuntimeClass of pods with GPUs.")] = RuntimeClass()
    test: Annotated[Test, doc("The pod of `helm test`.")] = Test()
    dra: Annotated[Dra, doc("Dynamic Resource Allocation, experimental.")] = Dra()
