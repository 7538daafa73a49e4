"""How scheduler and notebook are reached: Services, an HTTPRoute, NetworkPolicies."""

from __future__ import annotations

from typing import Annotated, Literal

from generator.components.fields import Raw
from generator.model import Model, doc


class Service(Model):
    """Service of a component."""

    type: Annotated[
        Literal["ClusterIP", "NodePort", "LoadBalancer"],
        doc("Who reaches it: the cluster only, every node's address, or an address of its own."),
    ] = "ClusterIP"
    annotations: Annotated[dict[str, str], doc("Annotations, such as an address pool.")] = {}
    load_balancer_class: Annotated[str, doc('Implementation of type LoadBalancer; "" for the default.')] = ""
    load_balancer_source_ranges: Annotated[
        list[str], doc("Ranges that may use it from outside; [] for all.", example=["192.168.11.0/24"])
    ] = []
    external_traffic_policy: Annotated[
        Literal["", "Cluster", "Local"], doc('Local keeps the client\'s address; "" for the default.')
    ] = ""
    ip_family_policy: Annotated[
        Literal["", "SingleStack", "PreferDualStack", "RequireDualStack"],
        doc('One or both families of addresses; "" for the default.'),
    ] = ""


class SchedulerNodePorts(Model):
    """Fixed ports on every node."""

    scheduler: Annotated[int, doc("For the scheduler; 0 lets the cluster choose.", ge=0, example=30786)] = 0
    dashboard: Annotated[int, doc("For the dashboard; 0 lets the cluster choose.", ge=0, example=30787)] = 0


class SchedulerService(Service):
    """Ports scheduler and dashboard.

    Who reaches the scheduler runs code on the workers: limit the ranges, or use TLS, before it is exposed.
    """

    node_ports: Annotated[SchedulerNodePorts, doc("Fixed ports on every node.")] = SchedulerNodePorts()


class NotebookNodePorts(Model):
    """Fixed port on every node."""

    http: Annotated[int, doc("For the notebook; 0 lets the cluster choose.", ge=0, example=30888)] = 0


class NotebookService(Service):
    """Port http."""

    node_ports: Annotated[NotebookNodePorts, doc("Fixed port on every node.")] = NotebookNodePorts()


class Route(Model):
    """HTTPRoute of the Gateway API."""

    enabled: Annotated[bool, doc("Render it, where the cluster knows the Gateway API.")] = False
    parent_refs: Annotated[
        list[Raw], doc("Gateways that carry it.", example=[{"name": "lab", "namespace": "gateway"}])
    ] = []
    hostnames: Annotated[list[str], doc("Names it answers to.", example=["dask.lab.example.org"])] = []


class Peer(Model):
    """Pods by label; both given means both must hold."""

    namespace_labels: Annotated[
        dict[str, str], doc("Labels of their namespace; {} means the namespace of Dask.")
    ] = {}
    in_release: Annotated[
        bool, doc("In the release's own namespace, whatever its name; wins over namespaceLabels.")
    ] = False
    pod_labels: Annotated[dict[str, str], doc("Labels of the pods; {} means each pod.")] = {}


class Egress(Model):
    """Where workers and the notebook may connect to, beside Dask itself and DNS."""

    public_addresses: Annotated[
        bool, doc("Public addresses: package indexes, object stores. Private ranges stay closed.")
    ] = True
    cidrs: Annotated[
        list[str], doc("Further ranges, such as the lab's own.", example=["192.168.11.0/24"])
    ] = []


class NetworkPolicy(Model):
    """Only the flows that Dask needs, and those allowed here."""

    enabled: Annotated[bool, doc("Render the policies.")] = True
    monitoring_namespace_labels: Annotated[
        dict[str, str], doc("Namespaces that may read metrics; {} for none.")
    ] = {"kubernetes.io/metadata.name": "monitoring"}
    clients: Annotated[
        dict[str, Peer],
        doc(
            "Further clients of the scheduler, by name.",
            example={"hub": {"podLabels": {"component": "singleuser-server"}}},
        ),
    ] = {}
    egress: Annotated[Egress, doc("Connections of workers and the notebook.")] = Egress()
    extra_ingress: Annotated[list[Raw], doc("Further ingress rules for all pods, as in a manifest.")] = []
    extra_egress: Annotated[list[Raw], doc("Further egress rules for all pods, as in a manifest.")] = []


class Metrics(Model):
    """ServiceMonitor and PodMonitor; the images need the package prometheus-client."""

    enabled: Annotated[bool, doc("Render them, where the cluster knows them.")] = False
    interval: Annotated[str, doc("Time between two scrapes.", example="30s")] = "30s"
    labels: Annotated[
        dict[str, str], doc("Labels that your Prometheus selects.", example={"release": "prometheus"})
    ] = {}
