"""Values for queues: Kueue admits a team's jobs as its quota allows, the others wait."""

from __future__ import annotations

from typing import Annotated

from generator.components.fields import Toleration
from generator.model import Model, doc
from generator.names import DnsLabel, DnsName, LabelKey, LabelValue
from generator.quantities import OptionalBytes, OptionalCpu


class Flavor(Model):
    """One kind of GPU: a ResourceFlavor."""

    node_labels: Annotated[
        dict[LabelKey, LabelValue],
        doc(
            "Labels of its nodes, as GPU feature discovery writes them: shared GPUs end in -SHARED.",
            example={"nvidia.com/gpu.product": "Tesla-T4-SHARED"},
        ),
    ]
    tolerations: Annotated[list[Toleration], doc("Taints that jobs on these nodes accept.")] = []


class TeamQueue(Model):
    """A ClusterQueue and a LocalQueue of the team's name. Without a number, jobs get nothing."""

    namespace: Annotated[str, doc('Its namespace; "" takes the team\'s name.', max_length=63)] = ""
    cpu: Annotated[OptionalCpu, doc('CPU of all admitted jobs; "" for none.', unit="cores")] = ""
    memory: Annotated[OptionalBytes, doc('Memory of all admitted jobs; "" for none.', unit="bytes")] = ""
    gpus: Annotated[
        dict[DnsName, Annotated[int, doc("GPUs or slices.", ge=0)]],
        doc("GPUs, or slices, of all admitted jobs by flavor.", example={"tesla-t4": 4}),
    ] = {}


class Queues(Model):
    """Kueue: flavors of the nodes, a queue for each team."""

    enabled: Annotated[bool, doc("Render them, where the cluster knows Kueue.")] = False
    flavors: Annotated[
        dict[DnsName, Flavor],
        doc(
            "Kinds of GPUs by name.",
            example={"tesla-t4": {"nodeLabels": {"nvidia.com/gpu.product": "Tesla-T4"}}},
        ),
    ] = {}
    teams: Annotated[
        dict[DnsLabel, TeamQueue],
        doc("Queues by team.", example={"vision": {"cpu": "32", "memory": "64Gi", "gpus": {"tesla-t4": 4}}}),
    ] = {}
