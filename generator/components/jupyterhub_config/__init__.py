"""The chart `jupyterhub-config`: what Zero to JupyterHub is told about logins, notebooks and volumes."""

from generator.components.base import ChartValues
from generator.components.jupyterhub_config.build import build
from generator.components.jupyterhub_config.values import JupyterHubConfigValues

__all__ = ["build", "description", "name", "values"]

name = "jupyterhub-config"
description = "Configuration of JupyterHub: login, choices of hardware, homes, culling, network"
values: type[ChartValues] = JupyterHubConfigValues
