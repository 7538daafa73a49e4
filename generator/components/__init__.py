"""The charts of the umbrella: one row each, in the order in which people read about them.

A row is a module (or object) that keeps `generator.components.base.Component`.
"""

from __future__ import annotations

from generator.components import (
    dask,
    gpu_monitoring,
    gpu_sharing,
    jupyterhub_config,
    network,
    poddefaults,
    storage,
    teams,
    training,
)
from generator.components.base import Component

COMPONENTS: tuple[Component, ...] = (
    teams,
    storage,
    network,
    gpu_sharing,
    gpu_monitoring,
    dask,
    jupyterhub_config,
    poddefaults,
    training,
)
