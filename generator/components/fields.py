"""Types that charts share: images, resources, text that YAML may write as a number, raw manifest parts."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, StringConstraints, WithJsonSchema

from generator.free_form import FreeForm
from generator.model import Model, doc
from generator.quantities import OptionalBytes, OptionalCpu


def _as_text(value: Any) -> Any:
    """`--set env.N=1` gives a number where a manifest wants text."""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value) if isinstance(value, int) else value


EnvValue = Annotated[
    str, BeforeValidator(_as_text), WithJsonSchema({"type": ["string", "number", "boolean"]})
]
_COUNT_PATTERN = r"^\d+%?$"
CountOrPercent = Annotated[
    str,
    BeforeValidator(_as_text),
    StringConstraints(pattern=_COUNT_PATTERN),
    WithJsonSchema({"type": ["string", "integer"], "pattern": _COUNT_PATTERN, "minimum": 0}),
]
"""A number of pods, or a share of them: `1`, `25%`."""
Raw = FreeForm
"""Part of a manifest, passed on as it stands; the API server checks it."""
Placement = Literal["worker", "system", "build", "any"]
PullPolicy = Literal["Always", "IfNotPresent", "Never"]


class Image(Model):
    """A container image, without the registry prefix of `global.imageRegistry`."""

    repository: Annotated[str, doc("Name without tag.", example="ghcr.io/dask/dask")] = ""
    tag: Annotated[str, doc("Tag; not used when a digest is set.", example="2025.11.0")] = ""
    digest: Annotated[str, doc("Digest; wins over the tag.", example="sha256:<64 hex digits>")] = ""
    pull_policy: Annotated[PullPolicy, doc("When the node pulls the image.")] = "IfNotPresent"


class Amounts(Model):
    """CPU, memory and local disk of a container."""

    cpu: Annotated[OptionalCpu, doc('CPU; "" for none.', unit="cores", example="500m")] = ""
    memory: Annotated[OptionalBytes, doc('Memory; "" for none.', unit="bytes", example="512Mi")] = ""
    ephemeral_storage: Annotated[
        OptionalBytes,
        doc('Local disk; "" for none.', unit="bytes", example="10Gi", alias="ephemeral-storage"),
    ] = ""


class Resources(Model):
    """Requests and limits; a request left out is as large as the limit."""

    requests: Annotated[Amounts, doc("What the scheduler of the cluster sets aside.")] = Amounts()
    limits: Annotated[Amounts, doc("What the container may not exceed.")] = Amounts()


class Toleration(Model):
    """A taint that the pods accept."""

    key: Annotated[str, doc('Key of the taint; "" with operator Exists accepts all.')] = ""
    operator: Annotated[Literal["Exists", "Equal"], doc("How key and value are compared.")] = "Exists"
    value: Annotated[str, doc("Value of the taint, for operator Equal.")] = ""
    effect: Annotated[
        Literal["", "NoSchedule", "PreferNoSchedule", "NoExecute"],
        doc('Effect of the taint; "" for each of them.'),
    ] = ""


class TopologySpread(Model):
    """Keeps the pods of one Deployment apart; the label selector is added by the chart."""

    topology_key: Annotated[str, doc("Node label whose values are the places to spread over.")] = (
        "kubernetes.io/hostname"
    )
    max_skew: Annotated[int, doc("Largest difference in pods between two places.", ge=1)] = 1
    when_unsatisfiable: Annotated[
        Literal["ScheduleAnyway", "DoNotSchedule"], doc("What happens when the difference cannot be kept.")
    ] = "ScheduleAnyway"


class VolumeMount(Model):
    """An existing claim at a path."""

    claim: Annotated[str, doc("Name of the PersistentVolumeClaim.", example="data")]
    mount_path: Annotated[str, doc("Where it is mounted.", example="/arl/data", pattern="^/")]
    sub_path: Annotated[str, doc('Directory inside the volume; "" for all of it.')] = ""
    read_only: Annotated[bool, doc("Mount without the right to write.")] = False
    access_mode: Annotated[
        Literal["ReadWriteMany", "ReadWriteOnce", "ReadOnlyMany", "ReadWriteOncePod"],
        doc("Access mode of the claim; `helm test` writes and reads ReadWriteMany volumes only."),
    ] = "ReadWriteMany"
