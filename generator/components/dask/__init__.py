"""The chart `dask`: scheduler, groups of workers, notebook."""

from generator.components.base import ChartValues
from generator.components.dask.build import build
from generator.components.dask.values import DaskValues

__all__ = ["build", "description", "name", "values"]

name = "dask"
description = "Dask scheduler, groups of workers and a Jupyter notebook"
values: type[ChartValues] = DaskValues
