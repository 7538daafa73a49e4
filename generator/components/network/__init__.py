"""The chart `network`: addresses, certificates, the way in, and the pages behind it."""

from generator.components.base import ChartValues
from generator.components.network.build import build
from generator.components.network.values import NetworkValues

__all__ = ["build", "description", "name", "values"]

name = "network"
description = "Addresses for services, certificates, and a way in for every page of the platform"
values: type[ChartValues] = NetworkValues
