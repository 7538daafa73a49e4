"""One configuration of the device plugin, in its own words; what the plugin would ignore has no key here.

Source: NVIDIA/k8s-device-plugin v0.20.0, api/config/v1.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import StringConstraints

from generator.model import Model, doc

ResourceName = Annotated[
    str,
    StringConstraints(pattern=r"^nvidia\.com/[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$", max_length=63),
]
Replicas = Annotated[int, doc("Slices of each.", ge=2)]
MAX_MPS_REPLICAS = 48
"""Clients of one MPS server; 16 on GPUs before Turing. Source: cmd/mps-control-daemon/mps/device.go."""


class TimeSlicing(Model):
    """Pods take turns on a GPU or a MIG slice; all of them can use all of its memory."""

    replicas: Annotated[
        dict[ResourceName, Replicas],
        doc("Slices by resource; {} for no time-slicing.", example={"nvidia.com/gpu": 4}),
    ] = {}
    rename_by_default: Annotated[bool, doc("Advertise slices as <resource>.shared.")] = False
    fail_requests_greater_than_one: Annotated[
        bool, doc("Fail pods that ask for several slices: two may be of one GPU.")
    ] = True


class Mps(Model):
    """Pods run at the same time on whole GPUs, each with its share of memory and threads."""

    replicas: Annotated[
        dict[ResourceName, Annotated[int, doc("Slices of each.", ge=2, le=MAX_MPS_REPLICAS)]],
        doc("Slices by resource; {} for no MPS.", example={"nvidia.com/gpu": 4}),
    ] = {}
    rename_by_default: Annotated[bool, doc("Advertise slices as <resource>.shared.")] = False
    fail_requests_greater_than_one: Annotated[
        bool, doc("Fail pods that ask for several slices; false needs plugin v0.20.0 or later.")
    ] = True


class PluginConfig(Model):
    """A configuration: none of both kinds of sharing leaves GPUs whole; both at once is refused."""

    mig_strategy: Annotated[
        Literal["none", "single", "mixed"],
        doc("Names of MIG slices; what the operator or the plugin's chart is told goes before it."),
    ] = "none"
    shared_devices_allocation_policy: Annotated[
        Literal["", "distributed", "packed"],
        doc('Whose slices are handed out next; "" for the plugin\'s default. Needs plugin v0.20.0 or later.'),
    ] = ""
    time_slicing: Annotated[TimeSlicing, doc("Sharing by turns.")] = TimeSlicing()
    mps: Annotated[Mps, doc("Sharing at the same time, by NVIDIA's Multi-Process Service.")] = Mps()
