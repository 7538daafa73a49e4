"""The contract of a component: one subchart, the model of its values, and how a profile becomes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, Protocol

from generator.model import Model, doc

if TYPE_CHECKING:
    from generator.profile.model import Profile


class NodeLabel(Model):
    """A node label that marks a purpose; a team may have a scheme of its own."""

    key: Annotated[str, doc("Label key.", example="labhelm.io/system")]
    value: Annotated[str, doc("Label value.", example="true")]


class NodeLabels(Model):
    """The label scheme of the nodes' purposes."""

    system: Annotated[NodeLabel, doc("Marks nodes for databases, git and the like.")] = NodeLabel(
        key="labhelm.io/system", value="true"
    )
    build: Annotated[NodeLabel, doc("Marks nodes that keep the image build cache.")] = NodeLabel(
        key="labhelm.io/build", value="true"
    )


class GpuNames(Model):
    """How pods ask for a GPU; the same in every chart."""

    resource_name: Annotated[
        str, doc("Extended resource that a GPU, or a slice of one, is advertised as.")
    ] = "nvidia.com/gpu"
    runtime_class_name: Annotated[
        str, doc('RuntimeClass of pods that ask for a GPU; "" leaves it out.', example="nvidia")
    ] = ""


class Global(Model):
    """What all charts of the platform share."""

    image_registry: Annotated[
        str,
        doc(
            'Prefix put before every image; "" leaves the images as they are.',
            example="harbor.example.org/hub",
        ),
    ] = ""
    image_pull_secrets: Annotated[
        list[str], doc("Names of pull secrets; they must exist in each namespace.", example=["arlregcred"])
    ] = []
    custom_resources: Annotated[
        Literal["auto", "always", "never"],
        doc("Custom resources: auto renders those whose API the cluster serves, always all, never none."),
    ] = "auto"
    node_labels: Annotated[NodeLabels, doc("Labels of the nodes' purposes.")] = NodeLabels()
    gpu: Annotated[GpuNames, doc("How pods ask for a GPU.")] = GpuNames()


class ChartValues(Model):
    """Root of every subchart's values. No field of a chart's values is ever null: "" and 0 mean unset."""

    enabled: Annotated[bool, doc("Render this chart.")] = True
    global_: Annotated[Global, doc("Shared by all charts; set it in the umbrella.", alias="global")] = (
        Global()
    )


class Component(Protocol):
    """One row of COMPONENTS: `name` is the folder under charts/umbrella/charts/."""

    name: str
    description: str
    values: type[ChartValues]

    def build(self, profile: Profile) -> ChartValues:
        """Turn a valid profile into values; `enabled=False` when the profile has no use for the chart."""
        ...
