"""Values of the chart `jupyterhub-config`."""

from __future__ import annotations

from typing import Annotated

from generator.components.base import ChartValues
from generator.components.fields import Raw
from generator.components.jupyterhub_config.authentication import Authentication
from generator.components.jupyterhub_config.hub import Culling, Limits, Metrics, NetworkPolicy
from generator.components.jupyterhub_config.notebook import Notebook
from generator.model import Model, doc


class Hub(Model):
    """The hub that Zero to JupyterHub runs."""

    labels: Annotated[dict[str, str], doc("Labels of its pod and its Service.")] = {
        "app": "jupyterhub",
        "component": "hub",
    }
    port: Annotated[int, doc("Port of its API, where the culler and Prometheus ask.", ge=1, le=65535)] = 8081
    limits: Annotated[Limits, doc("Limits for all users together.")] = Limits()
    culling: Annotated[Culling, doc("Stopping notebooks that nobody uses.")] = Culling()
    metrics: Annotated[Metrics, doc("Metrics for the Prometheus operator.")] = Metrics()


class JupyterHubConfigValues(ChartValues):
    """Root of the chart's values."""

    namespace: Annotated[str, doc('Namespace of the hub and all objects; "" takes that of the release.')] = ""
    authentication: Annotated[Authentication, doc("Who may log in.")] = Authentication()
    notebook: Annotated[Notebook, doc("Notebooks.")] = Notebook()
    hub: Annotated[Hub, doc("The hub.")] = Hub()
    network_policy: Annotated[NetworkPolicy, doc("Which connections are allowed.")] = NetworkPolicy()
    traits: Annotated[
        dict[str, Raw],
        doc(
            "Any other setting by JupyterHub's own names; it wins over what the chart sets.",
            example={"KubeSpawner": {"start_timeout": 600}},
        ),
    ] = {}
