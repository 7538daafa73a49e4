"""Every step, in the order in which they are done.

Modules bring sysctls with them; services come last, so that what can fail without a restart fails first.
"""

from __future__ import annotations

from agent.steps.base import AnyStep
from agent.steps.containerd import ContainerdStep
from agent.steps.docker import DockerStep
from agent.steps.driver import DriverStep
from agent.steps.kubelet import KubeletStep
from agent.steps.labels import LabelsStep
from agent.steps.modules import ModulesStep
from agent.steps.packages import HoldsStep
from agent.steps.rancher import RancherStep
from agent.steps.sshd import SshdStep
from agent.steps.swap import SwapStep
from agent.steps.sysctl import InotifyStep, SysctlStep

STEPS: tuple[AnyStep, ...] = (
    SwapStep(),
    ModulesStep(),
    SysctlStep(),
    InotifyStep(),
    HoldsStep(),
    LabelsStep(),
    DriverStep(),
    SshdStep(),
    DockerStep(),
    ContainerdStep(),
    RancherStep(),
    KubeletStep(),
)
