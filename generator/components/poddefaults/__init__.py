"""The chart `poddefaults`: what pods of Kubeflow's users get by label."""

from generator.components.base import ChartValues
from generator.components.poddefaults.build import build
from generator.components.poddefaults.values import PodDefaultsValues

__all__ = ["build", "description", "name", "values"]

name = "poddefaults"
description = (
    "What pods of Kubeflow's users get by label, in every team's namespace and in those that come later"
)
values: type[ChartValues] = PodDefaultsValues
