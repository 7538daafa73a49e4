"""A real Kubernetes control plane on this machine, with simulated nodes.

The API server, controllers and scheduler are the real ones: what they refuse here they refuse anywhere. Nodes
and their pods are simulated by kwok: no container runs.
"""

from generator.cluster.local.cluster import LocalCluster, Status
from generator.cluster.local.nodes import SimNode, Taint

__all__ = ["LocalCluster", "SimNode", "Status", "Taint"]
