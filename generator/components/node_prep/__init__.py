"""The chart `node-prep`: a release of its own, beside the umbrella."""

from generator.components.node_prep.build import build
from generator.components.node_prep.introduction import introduction
from generator.components.node_prep.values import NodePrepValues

__all__ = ["build", "description", "introduction", "name", "values"]

name = "node-prep"
description = "Keeps machines prepared for Kubernetes, as a transaction per node"
values = NodePrepValues
