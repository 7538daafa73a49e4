"""Labhelm: one profile of a team's machines becomes its platform, as plain Helm."""

__version__ = "0.1.0"
