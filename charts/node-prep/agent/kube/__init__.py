"""The cluster, over its API, from inside a pod."""

from __future__ import annotations

from agent.engine import Ports
from agent.kube.client import Api, in_cluster
from agent.kube.drain import ApiDrain
from agent.kube.lease import ApiLease
from agent.kube.node import ApiNode
from agent.settings import Settings

__all__ = ["Api", "connect", "ports_for"]


def connect(settings: Settings, node: str) -> Ports:
    """The ports of this pod's own cluster."""
    return ports_for(in_cluster(), settings, node)


def ports_for(api: Api, settings: Settings, node: str) -> Ports:
    """The ports over any API server."""
    return Ports(ApiNode(api, node), ApiDrain(api, node, settings.drain), ApiLease(api, node, settings.lease))
