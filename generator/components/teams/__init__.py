"""The chart `teams`: namespaces, quotas, rights, network rules, and the account that deploys."""

from generator.components.base import ChartValues
from generator.components.teams.build import build
from generator.components.teams.values import TeamsValues

__all__ = ["build", "description", "name", "values"]

name = "teams"
description = (
    "A namespace for each team, with its limits and rights, and the account that deploys the platform"
)
values: type[ChartValues] = TeamsValues
