"""A bed of real machines: Debian with systemd in containers, each with its own network, disk and cgroups.

with Bed() as bed:
    kitt = bed.boot("kitt", "172.31.77.11")
    kitt.run("systemctl is-system-running")
"""

from tests.machines.bed.bed import Bed, at_once
from tests.machines.bed.cluster import Cluster
from tests.machines.bed.machine import Machine

__all__ = ["Bed", "Cluster", "Machine", "at_once"]
