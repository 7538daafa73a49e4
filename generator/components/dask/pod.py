"""What the pods of scheduler, worker and notebook have in common."""

from __future__ import annotations

from typing import Annotated

from generator.components.fields import (
    CountOrPercent,
    EnvValue,
    Placement,
    Raw,
    Resources,
    Toleration,
    TopologySpread,
    VolumeMount,
)
from generator.model import Model, doc
from generator.quantities import OptionalBytes


class Probe(Model):
    """Timing of one probe; what it asks is fixed by the chart."""

    enabled: Annotated[bool, doc("Render the probe.")] = True
    period_seconds: Annotated[int, doc("Time between two tries.", unit="seconds", ge=1)] = 10
    timeout_seconds: Annotated[int, doc("Time until a try counts as failed.", unit="seconds", ge=1)] = 5
    failure_threshold: Annotated[int, doc("Failed tries in a row until the kubelet acts.", ge=1)] = 3


class Probes(Model):
    """Probes over HTTP; the long start leaves time for images that start slowly."""

    startup: Annotated[Probe, doc("Until it succeeds the other two wait.")] = Probe(
        period_seconds=5, failure_threshold=60
    )
    readiness: Annotated[Probe, doc("While it fails the pod gets no traffic.")] = Probe()
    liveness: Annotated[
        Probe, doc("When it fails the container restarts; patient, since long tasks hold Python's lock.")
    ] = Probe(period_seconds=30, timeout_seconds=15, failure_threshold=10)


class DisruptionBudget(Model):
    """PodDisruptionBudget: how a drain of a node may take pods away."""

    enabled: Annotated[bool, doc("Render it.")] = False
    max_unavailable: Annotated[
        CountOrPercent, doc("Pods that may be away at once; 0 keeps drains from evicting.")
    ] = "0"


class PodUser(Model):
    """User and groups of the containers; never root, as Pod Security `restricted` asks."""

    run_as_user: Annotated[int, doc("User ID; 0 leaves it to the image.", ge=0)] = 1000
    run_as_group: Annotated[int, doc("Group ID; 0 leaves it to the image.", ge=0)] = 1000
    fs_group: Annotated[int, doc("Group that owns mounted volumes; 0 leaves them alone.", ge=0)] = 1000


class PodSettings(Model):
    """Settings of one Deployment's pods."""

    command: Annotated[list[str], doc("Program; the arguments follow it.", example=["dask-scheduler"])] = []
    args: Annotated[list[str], doc("Replaces all arguments that the chart works out; [] keeps them.")] = []
    extra_args: Annotated[list[str], doc("Further arguments, after those of the chart.")] = []
    env: Annotated[dict[str, EnvValue], doc("Environment variables.", example={"OMP_NUM_THREADS": "1"})] = {}
    env_from_secrets: Annotated[list[str], doc("Secrets whose keys become environment variables.")] = []
    env_from_config_maps: Annotated[
        list[str], doc("ConfigMaps whose keys become environment variables.")
    ] = []
    resources: Annotated[Resources, doc("CPU, memory and local disk.")] = Resources()
    probes: Annotated[Probes, doc("Startup, readiness and liveness.")] = Probes()
    pdb: Annotated[DisruptionBudget, doc("Protection from drains.")] = DisruptionBudget()
    volumes: Annotated[dict[str, VolumeMount], doc("Claims for these pods only, by name.")] = {}
    shared_memory: Annotated[
        OptionalBytes,
        doc(
            'Size of /dev/shm; it counts as memory. "" keeps the 64Mi of the runtime.',
            unit="bytes",
            example="2Gi",
        ),
    ] = ""
    user: Annotated[PodUser, doc("User and groups.")] = PodUser()
    read_only_root_filesystem: Annotated[
        bool, doc("Only volumes are writable; turn it off for images that write elsewhere.")
    ] = True
    pod_security_context: Annotated[
        Raw, doc("Further fields of the pod's security context, as in a manifest.")
    ] = {}
    container_security_context: Annotated[
        Raw, doc("Further fields of the container's security context, as in a manifest.")
    ] = {}
    placement: Annotated[
        Placement,
        doc("Nodes: worker prefers those without the system label; system and build require theirs."),
    ] = "any"
    affinity: Annotated[Raw, doc("Affinity of your own; takes the place of `placement`.")] = {}
    node_selector: Annotated[dict[str, str], doc("Labels that the node must have.")] = {}
    tolerations: Annotated[list[Toleration], doc("Taints that the pods accept.")] = []
    topology_spread: Annotated[list[TopologySpread], doc("How the pods spread over the nodes.")] = []
    priority_class_name: Annotated[str, doc('PriorityClass; "" for the default.')] = ""
    runtime_class_name: Annotated[
        str, doc('RuntimeClass; "" takes `global.gpu.runtimeClassName` for pods with GPUs, none for others.')
    ] = ""
    service_account_name: Annotated[
        str, doc('Existing ServiceAccount; "" makes one. Its token is never mounted.')
    ] = ""
    termination_grace_period_seconds: Annotated[int, doc("Time to stop in peace.", unit="seconds", ge=0)] = 30
    pod_labels: Annotated[dict[str, str], doc("Further labels of the pods.")] = {}
    pod_annotations: Annotated[dict[str, str], doc("Further annotations of the pods.")] = {}
    init_containers: Annotated[list[Raw], doc("Containers that run before, as in a manifest.")] = []
    extra_containers: Annotated[list[Raw], doc("Containers beside it, as in a manifest.")] = []
    extra_volumes: Annotated[list[Raw], doc("Further volumes, as in a manifest.")] = []
    extra_volume_mounts: Annotated[
        list[Raw], doc("Further mounts of the main container, as in a manifest.")
    ] = []
