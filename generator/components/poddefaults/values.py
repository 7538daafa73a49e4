"""Values of the chart `poddefaults`."""

from __future__ import annotations

from typing import Annotated

from generator.components.base import ChartValues
from generator.components.fields import EnvValue, Image, Raw, Resources
from generator.model import Model, doc
from generator.names import DnsLabel, DnsName, LabelKey, LabelValue

PROFILE_LABEL = "app.kubernetes.io/part-of"
PROFILE_VALUE = "kubeflow-profile"
"""Kubeflow's webhook looks at pods in namespaces with this label only."""
Namespaces = Annotated[
    dict[LabelKey, LabelValue],
    doc("Labels of the namespaces; those that Kubeflow makes for users have these."),
]


class PodDefault(Model):
    """What a pod gets that carries the labels. Kubeflow refuses a pod for which two of them disagree."""

    description: Annotated[
        str, doc("What users read in the list of the notebooks' page.", example="Allow access to Pipelines")
    ] = ""
    match_labels: Annotated[
        dict[LabelKey, LabelValue],
        doc('Labels of the pods; {} means `<name>: "true"`.', example={"access-ml-pipeline": "true"}),
    ] = {}
    namespaces: Annotated[
        list[DnsLabel],
        doc("Only in these; [] for all of `namespaces` and those that come later.", example=["vision"]),
    ] = []
    env: Annotated[dict[str, EnvValue], doc("Environment variables.", example={"HF_HOME": "/data/hf"})] = {}
    volumes: Annotated[
        list[Raw],
        doc("Volumes, as in a pod.", example=[{"name": "shm", "emptyDir": {"medium": "Memory"}}]),
    ] = []
    volume_mounts: Annotated[
        list[Raw], doc("Their places, as in a container.", example=[{"name": "shm", "mountPath": "/dev/shm"}])
    ] = []
    tolerations: Annotated[
        list[Raw],
        doc("Taints that the pods accept.", example=[{"key": "nvidia.com/gpu", "operator": "Exists"}]),
    ] = []
    image_pull_secrets: Annotated[list[DnsName], doc("Pull secrets.", example=["arlregcred"])] = []
    extra: Annotated[
        Raw,
        doc("Further keys of its spec, as Kubeflow writes them.", example={"serviceAccountName": "train"}),
    ] = {}


class Later(Model):
    """A CronJob that brings the PodDefaults into namespaces that come later, such as those of new users."""

    enabled: Annotated[bool, doc("Run it.")] = False
    namespace_labels: Namespaces = {PROFILE_LABEL: PROFILE_VALUE}
    schedule: Annotated[str, doc("When, in the way of cron.", example="*/10 * * * *")] = "*/5 * * * *"
    image: Annotated[Image, doc("Image with Python 3.9 or later.")] = Image(
        repository="docker.io/library/python", tag="3.13.5-slim-bookworm"
    )
    deadline: Annotated[int, doc("How long a run may take.", unit="seconds", ge=10)] = 120
    resources: Annotated[Resources, doc("Size of its pod.")] = Resources.model_validate(
        {"requests": {"cpu": "10m", "memory": "32Mi"}, "limits": {"cpu": "200m", "memory": "64Mi"}}
    )


class GpuRuntime(Model):
    """Gives pods that ask for a GPU the RuntimeClass of `global.gpu`, which no PodDefault can.

    A MutatingAdmissionPolicy of the API server itself, Kubernetes 1.36 and later; without the RuntimeClass a
    notebook sees no GPU where nvidia is not containerd's default runtime.
    """

    enabled: Annotated[bool, doc("Render it.")] = False
    namespace_labels: Namespaces = {PROFILE_LABEL: PROFILE_VALUE}


class PodDefaultsValues(ChartValues):
    """What pods of Kubeflow's users get by label, in every team's namespace and in those that come later."""

    namespaces: Annotated[
        list[DnsLabel],
        doc(
            "Namespaces of the teams. They need the label `app.kubernetes.io/part-of: kubeflow-profile`, or "
            "Kubeflow's webhook passes them by.",
            example=["vision"],
        ),
    ] = []
    pod_defaults: Annotated[
        dict[DnsLabel, PodDefault],
        doc("PodDefaults by name.", example={"cache": {"env": {"HF_HOME": "/data/hf"}}}),
    ] = {}
    later: Annotated[Later, doc("Namespaces that come later.")] = Later()
    gpu_runtime: Annotated[GpuRuntime, doc("RuntimeClass of pods that ask for a GPU.")] = GpuRuntime()
