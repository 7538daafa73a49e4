"""The order of the base layer, and why each wave comes before the next."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Wave:
    """`number` is also the sync wave in Argo CD; `why` is what the next waves need of it."""

    number: int
    name: str
    why: str


NAMESPACES = Wave(-70, "namespaces", "Pod Security labels must be there before the first pod")
POD_NETWORK = Wave(-60, "pod network", "without one no node is Ready and no pod gets an address")
CRDS = Wave(-50, "definitions", "later charts render monitors and routes only where their kinds are known")
FOUNDATION = Wave(-40, "storage, addresses, certificates", "later charts claim volumes and ask for addresses")
ENTRANCE = Wave(-30, "way in", "pages need a Gateway controller with an address")
SYSTEM = Wave(-25, "monitoring and GPUs", "workloads are measured, and ask for GPUs")
OPERATORS = Wave(-20, "job operators", "queues must exist before the jobs that they admit")
KUBEFLOW = Wave(-15, "Kubeflow", "its webhooks must answer before team objects are made")
PLATFORM = Wave(0, "platform", "the umbrella's objects are of kinds that the waves before brought")
APPLICATIONS = Wave(10, "applications", "they mount what the platform made: configuration and volumes")

WAVES: tuple[Wave, ...] = (
    NAMESPACES,
    POD_NETWORK,
    CRDS,
    FOUNDATION,
    ENTRANCE,
    SYSTEM,
    OPERATORS,
    KUBEFLOW,
    PLATFORM,
    APPLICATIONS,
)


def wave_of(number: int) -> Wave:
    """The wave of that number. Raises KeyError where there is none."""
    return {wave.number: wave for wave in WAVES}[number]
