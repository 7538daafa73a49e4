"""The chart `storage`: classes, volumes reserved for their claims, and the claims."""

from generator.components.base import ChartValues
from generator.components.storage.build import build
from generator.components.storage.values import StorageValues

__all__ = ["build", "description", "name", "values"]

name = "storage"
description = (
    "Storage classes, volumes reserved for exactly one claim each, and claims that outlive the release"
)
values: type[ChartValues] = StorageValues
