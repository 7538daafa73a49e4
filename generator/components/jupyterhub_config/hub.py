"""The hub: culling, limits, metrics, network."""

from __future__ import annotations

from typing import Annotated

from generator.components.jupyterhub_config.authentication import SecretKey
from generator.model import Model, doc
from generator.names import DnsLabel


class Culling(Model):
    """Stopping notebooks that nobody uses; files stay."""

    enabled: Annotated[bool, doc("Run the culler, as a service of the hub.")] = True
    idle_seconds: Annotated[int, doc("Idle time after which a notebook stops.", unit="seconds", ge=1)] = 3600
    every_seconds: Annotated[int, doc("Time between two looks.", unit="seconds", ge=1)] = 600
    max_age_seconds: Annotated[
        int,
        doc("Age at which it stops, busy or not: a running cell is busy; 0 for never.", unit="seconds", ge=0),
    ] = 0
    admins: Annotated[bool, doc("Also those of administrators.")] = True
    concurrency: Annotated[int, doc("Notebooks that are stopped at the same time.", ge=1)] = 10


class Limits(Model):
    """Limits for all users together."""

    running: Annotated[int, doc("Notebooks at the same time; 0 for any number.", ge=0)] = 0
    starting: Annotated[int, doc("Notebooks that may start at the same time.", ge=1)] = 10


class Metrics(Model):
    """ServiceMonitor for the hub."""

    enabled: Annotated[bool, doc("Render it, where the cluster knows it.")] = False
    interval: Annotated[str, doc("Time between two scrapes.", example="30s")] = "30s"
    labels: Annotated[
        dict[str, str], doc("Labels that your Prometheus selects.", example={"release": "prometheus"})
    ] = {}
    token: Annotated[
        SecretKey, doc("Token that Prometheus shows; without one the page is open to all who reach the hub.")
    ] = SecretKey()


class Peer(Model):
    """Pods that notebooks may connect to."""

    namespace: Annotated[str, doc('Their namespace; "" is that of the hub.')] = ""
    pod_labels: Annotated[dict[str, str], doc("Their labels; {} means each pod.")] = {}
    ports: Annotated[list[int], doc("Ports; [] means each.", example=[8786])] = []


class NetworkPolicy(Model):
    """What is allowed beside Zero to JupyterHub's own policies."""

    enabled: Annotated[bool, doc("Render the policies.")] = True
    notebook_labels: Annotated[dict[str, str], doc("Labels of the notebooks' pods.")] = {
        "component": "singleuser-server"
    }
    egress: Annotated[
        dict[DnsLabel, Peer],
        doc(
            "Pods that notebooks may connect to, by name.",
            example={"dask": {"podLabels": {"app.kubernetes.io/name": "dask"}, "ports": [8786]}},
        ),
    ] = {}
    monitoring_namespace_labels: Annotated[
        dict[str, str], doc("Namespaces that may read the hub's metrics; {} for none.")
    ] = {"kubernetes.io/metadata.name": "monitoring"}
