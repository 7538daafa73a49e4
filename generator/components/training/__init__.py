"""The chart `training`: runtimes and jobs of Kubeflow Trainer, queues of Kueue."""

from generator.components.base import ChartValues
from generator.components.training.build import build
from generator.components.training.values import TrainingValues

__all__ = ["build", "description", "name", "values"]

name = "training"
description = "Training jobs: runtimes of Kubeflow Trainer, queues of Kueue for each team, jobs"
values: type[ChartValues] = TrainingValues
