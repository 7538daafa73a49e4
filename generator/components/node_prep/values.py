"""Values of the chart `node-prep`."""

from __future__ import annotations

from typing import Annotated, Literal

from generator.components.fields import Amounts, CountOrPercent, Image, Resources, Toleration
from generator.machines.settings import NodeObject, Settings
from generator.model import Model, doc
from generator.names import DnsLabel, DnsName, LabelKey, LabelValue


class Global(Model):
    """Shared with the other charts of a platform."""

    image_registry: Annotated[
        str, doc('Prefix put before the image; "" leaves it as it is.', example="harbor.example.org/hub")
    ] = ""
    image_pull_secrets: Annotated[
        list[str], doc("Names of pull secrets; they must exist in the namespace.", example=["arlregcred"])
    ] = []


class Group(Model):
    """Nodes with settings of their own: those named, and those with the label."""

    nodes: Annotated[list[DnsName], doc("Nodes by name.", example=["kitt"])] = []
    node_label: Annotated[
        dict[LabelKey, LabelValue],
        doc("Also nodes with any of these labels.", example={"nvidia.com/gpu.present": "true"}),
    ] = {}
    settings: Annotated[
        Settings, doc("Each key that stands here replaces the same key of `settings`, whole.")
    ] = Settings()


class Lease(Model):
    """How many nodes change at a time; the others wait."""

    slots: Annotated[int, doc("Nodes at a time.", unit="nodes", ge=1, le=100)] = 1
    duration_seconds: Annotated[
        int,
        doc(
            "After this a waiting holder loses its turn; longer than a drain may take.",
            unit="seconds",
            ge=2,
        ),
    ] = 900


class Drain(Model):
    """How a node is emptied before a change that its pods would notice."""

    timeout_seconds: Annotated[int, doc("Then the node is given back, unchanged.", unit="seconds", ge=1)] = (
        600
    )
    delete_empty_dir_data: Annotated[bool, doc("Evict pods with an emptyDir too; its data is lost.")] = True
    force: Annotated[bool, doc("Evict pods that nothing would start elsewhere, too.")] = False


class UpdateStrategy(Model):
    """How the pods of the agents themselves are replaced."""

    type: Annotated[
        Literal["RollingUpdate", "OnDelete"],
        doc(
            "RollingUpdate: new settings reach every node by themselves, and the lease has them change one "
            "after the other. OnDelete: a node keeps its settings until you delete its pod or it reboots."
        ),
    ] = "RollingUpdate"
    max_unavailable: Annotated[CountOrPercent, doc("Pods replaced at the same time, for RollingUpdate.")] = (
        "10%"
    )


class Metrics(Model):
    """Prometheus metrics of the last run, as a file."""

    textfile_directory: Annotated[
        str,
        doc(
            "Directory of node exporter's textfile collector on the machines; the file is written there in "
            'mode plan as well. "" keeps it in the pod.',
            example="/var/lib/node_exporter/textfile_collector",
            pattern="^(/|$)",
        ),
    ] = ""


class NodePrepValues(Model):
    """Root of the values."""

    global_: Annotated[Global, doc("Shared by all charts.", alias="global")] = Global()
    namespace: Annotated[str, doc('Namespace of the agents; "" for the release\'s own.', max_length=63)] = (
        "labhelm-node-prep"
    )
    create_namespace: Annotated[
        bool, doc("Make it, with Pod Security `privileged`; never the release's own.")
    ] = True
    image: Annotated[Image, doc("Image with Python 3.9 or later, a POSIX shell and nsenter.")] = Image(
        repository="docker.io/library/python", tag="3.13.5-slim-bookworm"
    )
    mode: Annotated[
        Literal["plan", "apply", "undo"],
        doc(
            "plan only reports and mounts the machine read-only; apply changes nodes that carry the opt-in "
            "label; undo takes back everything that was ever applied."
        ),
    ] = "plan"
    opt_in_label: Annotated[
        LabelKey, doc("Only nodes with this label and the value `apply` are changed.", min_length=1)
    ] = "labhelm.io/node-prep"
    interval_seconds: Annotated[int, doc("Time between two runs.", unit="seconds", ge=10)] = 3600
    jitter_seconds: Annotated[int, doc("Up to so much is added to it.", unit="seconds", ge=0)] = 300
    retry_seconds: Annotated[
        int, doc("Time until the next try of a node that waits for its turn.", unit="seconds", ge=1)
    ] = 30
    settings: Annotated[Settings, doc("What is wanted of all machines.")] = Settings()
    groups: Annotated[
        dict[DnsLabel, Group],
        doc("Groups of nodes with other settings; a node is in one of them at most."),
    ] = {}
    nodes: Annotated[dict[DnsName, NodeObject], doc("Labels and taints by node.")] = {}
    lease: Annotated[Lease, doc("Turns of the nodes.")] = Lease()
    drain: Annotated[Drain, doc("Draining.")] = Drain()
    update_strategy: Annotated[UpdateStrategy, doc("Replacement of the agents' own pods.")] = UpdateStrategy()
    own_node_only: Annotated[
        bool, doc("Have the API server refuse an agent's writes to nodes that it does not run on.")
    ] = True
    undo_on_uninstall: Annotated[
        bool, doc("Before the release is deleted, take back everything that was applied.")
    ] = False
    undo_timeout_seconds: Annotated[
        int, doc("How long that may take; give `helm uninstall --timeout` as much.", unit="seconds", ge=1)
    ] = 3600
    metrics: Annotated[Metrics, doc("Metrics.")] = Metrics()
    tolerations: Annotated[list[Toleration], doc("Taints that the agents accept: all.")] = [
        Toleration(operator="Exists")
    ]
    priority_class_name: Annotated[str, doc('Priority of the agents; "" for none.')] = "system-node-critical"
    resources: Annotated[Resources, doc("For a run; in between the agent needs next to nothing.")] = (
        Resources(requests=Amounts(cpu="5m", memory="8Mi"), limits=Amounts(memory="256Mi"))
    )
