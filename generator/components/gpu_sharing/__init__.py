"""The chart `gpu-sharing`: how the device plugin cuts GPUs into slices, by node."""

from generator.components.base import ChartValues
from generator.components.gpu_sharing.build import build
from generator.components.gpu_sharing.values import GpuSharingValues

__all__ = ["build", "description", "name", "values"]

name = "gpu-sharing"
description = "How GPUs are shared: configurations of the NVIDIA device plugin, MIG layouts, a CUDA test"
values: type[ChartValues] = GpuSharingValues
