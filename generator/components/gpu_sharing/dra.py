"""Values for GPUs through Dynamic Resource Allocation.

Source: kubernetes-sigs/dra-driver-nvidia-gpu v0.5, api/nvidia.com/resource/v1beta1.
"""

from __future__ import annotations

from typing import Annotated, Literal

from generator.model import Model, doc
from generator.names import DnsLabel


class DraClaim(Model):
    """A DeviceClass, and in each namespace a ResourceClaimTemplate of its name that asks for one such GPU."""

    product: Annotated[
        str, doc('Product as the driver names it; "" for any.', example="NVIDIA A100-SXM4-80GB")
    ] = ""
    sharing: Annotated[
        Literal["none", "time-slicing", "mps"],
        doc("How containers that have the same claim share its GPU; needs feature gates of the driver."),
    ] = "none"
    interval: Annotated[
        Literal["Default", "Short", "Medium", "Long"], doc("Length of a turn, for time-slicing.")
    ] = "Default"


class Dra(Model):
    """Experimental, as upstream is: objects for the NVIDIA DRA driver, from Kubernetes 1.34 on."""

    enabled: Annotated[bool, doc("Render them.")] = False
    driver: Annotated[str, doc("Name of the driver.")] = "gpu.nvidia.com"
    claims: Annotated[
        dict[DnsLabel, DraClaim],
        doc("Kinds of claims by name.", example={"gpu": {"product": "NVIDIA A100-SXM4-80GB"}}),
    ] = {}
    namespaces: Annotated[
        list[DnsLabel],
        doc("Namespaces that get the templates; [] for the release's.", example=["vision"]),
    ] = []
