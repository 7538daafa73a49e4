"""Values of the chart `network`."""

from __future__ import annotations

from typing import Annotated, Literal

from generator.components.base import ChartValues
from generator.components.network.certificates import Issuer, Tls
from generator.model import Model, doc
from generator.names import AddressRange, DnsLabel, DnsName, LabelKey, LabelValue

Port = Annotated[int, doc("A port.", ge=1, le=65535)]


class Pool(Model):
    """Addresses that MetalLB gives to Services of type LoadBalancer, announced by ARP and NDP."""

    addresses: Annotated[
        list[AddressRange],
        doc("Ranges and networks.", example=["192.168.11.100-192.168.11.120"], min_length=1),
    ]
    auto_assign: Annotated[
        bool, doc("Give them out unasked; off: only to Services with the annotation metallb.io/address-pool.")
    ] = True
    avoid_buggy_ips: Annotated[
        bool, doc("Leave out addresses that end in .0 and .255.", alias="avoidBuggyIPs")
    ] = False
    namespaces: Annotated[
        list[DnsLabel], doc("Only for Services in these namespaces; [] for all.", example=["vision"])
    ] = []
    interfaces: Annotated[
        list[str], doc("Network interfaces that announce them; [] for all.", example=["eno1"])
    ] = []
    node_labels: Annotated[
        dict[LabelKey, LabelValue],
        doc("Only nodes with these labels announce them.", example={"example.org/rack": "a1"}),
    ] = {}


class LoadBalancer(Model):
    """Pools of MetalLB, each with its L2Advertisement: without one, nobody answers for an address."""

    namespace: Annotated[DnsLabel, doc("Namespace of MetalLB; it reads pools only there.")] = "metallb-system"
    pools: Annotated[
        dict[DnsLabel, Pool],
        doc("Pools by name.", example={"lan": {"addresses": ["192.168.11.100-192.168.11.120"]}}),
    ] = {}


class ExistingGateway(Model):
    """A Gateway that somebody else looks after, its listeners and certificates too."""

    name: Annotated[str, doc('Its name; "" makes a Gateway.', example="lab")] = ""
    namespace: Annotated[str, doc('Its namespace; "" for this chart\'s.', example="gateway")] = ""
    section: Annotated[str, doc('Listener that takes the pages; "" for each that fits.', example="https")] = (
        ""
    )


class Gateway(Model):
    """The way in, by the Gateway API."""

    enabled: Annotated[bool, doc("Publish the pages by HTTPRoutes.")] = False
    class_name: Annotated[str, doc("GatewayClass.", example="eg")] = "traefik"
    http_port: Annotated[
        Port, doc("Port of the plain listener; with Traefik the port of its entry point `web`.")
    ] = 8000
    https_port: Annotated[
        Port, doc("Port of the listeners with TLS; with Traefik the port of its entry point `websecure`.")
    ] = 8443
    addresses: Annotated[
        list[str], doc("Fixed addresses, if the class takes such.", example=["192.168.11.100"])
    ] = []
    annotations: Annotated[dict[str, str], doc("Annotations of the Gateway.")] = {}
    existing: Annotated[ExistingGateway, doc("A Gateway that is there already.")] = ExistingGateway()


class Ingress(Model):
    """The way in, by Ingresses."""

    enabled: Annotated[bool, doc("Publish the pages by Ingresses.")] = False
    class_name: Annotated[str, doc('IngressClass; "" for the cluster\'s default.', example="nginx")] = (
        "traefik"
    )
    redirect: Annotated[
        Literal["traefik", "nginx", "none"],
        doc("How the controller is told to send http to https; none leaves it to you."),
    ] = "traefik"
    annotations: Annotated[
        dict[str, str],
        doc("Annotations of each Ingress.", example={"nginx.ingress.kubernetes.io/proxy-body-size": "0"}),
    ] = {}


class Page(Model):
    """A page: a host name and the Service behind it."""

    host: Annotated[DnsName, doc("Host name.", example="dask.lab.example.org")]
    namespace: Annotated[str, doc('Namespace of the Service; "" for this chart\'s.', example="vision")] = ""
    service: Annotated[
        str, doc('Name of the Service; "" for <release>-<chart>-<component>.', example="grafana")
    ] = ""
    chart: Annotated[str, doc("Chart of this release that the Service belongs to.", example="dask")] = ""
    component: Annotated[str, doc("Its component in that chart.", example="notebook")] = ""
    port: Annotated[Port, doc("Port of the Service.")] = 80
    pod_labels: Annotated[
        dict[str, str],
        doc(
            "Labels of its pods, where a NetworkPolicy closes them off: they are opened to the way in. "
            "Pods of this release have theirs by chart and component.",
            example={"component": "proxy"},
        ),
    ] = {}
    pod_port: Annotated[
        int, doc("Port of the pods, for that policy; 0 for the Service's.", ge=0, le=65535)
    ] = 0
    tls_secret: Annotated[
        str, doc('TLS Secret that you made for this page; "" for the way of all pages.', example="dask-tls")
    ] = ""


class NetworkPolicy(Model):
    """Lets the way in reach the pods behind the pages."""

    enabled: Annotated[bool, doc("Render the policies.")] = True
    namespace_labels: Annotated[
        dict[str, str], doc("Labels of the namespace where the proxies' pods run.")
    ] = {"kubernetes.io/metadata.name": "traefik"}


class Istio(Model):
    """Istio's own ingress gateway with TLS, for Kubeflow.

    Kubeflow's VirtualServices hang on the Gateway `kubeflow/kubeflow-gateway`. With that name, this one takes
    its place: leave out the one in Kubeflow's manifests.
    """

    enabled: Annotated[bool, doc("Render Gateway and certificate.")] = False
    name: Annotated[
        str, doc('Name of the Gateway; "" makes one from the release.', example="kubeflow-gateway")
    ] = ""
    namespace: Annotated[DnsLabel, doc("Its namespace.")] = "kubeflow"
    host: Annotated[str, doc("Host name.", example="kubeflow.lab.example.org")] = "*"
    selector: Annotated[dict[str, str], doc("Labels of the ingress gateway's pods.")] = {
        "istio": "ingressgateway"
    }
    pods_namespace: Annotated[DnsLabel, doc("Namespace of these pods; they read the TLS Secret there.")] = (
        "istio-system"
    )
    tls_secret: Annotated[
        str, doc('TLS Secret that you made there; "" for a certificate of `tls`.', example="kubeflow-tls")
    ] = ""


class NetworkValues(ChartValues):
    """Addresses for services, certificates, and a way in for every page of the platform."""

    namespace: Annotated[
        str, doc('Namespace of Gateway and certificates; "" takes the release\'s.', max_length=63)
    ] = ""
    load_balancer: Annotated[LoadBalancer, doc("Addresses for Services of type LoadBalancer.")] = (
        LoadBalancer()
    )
    cert_manager_namespace: Annotated[
        DnsLabel, doc("Namespace of cert-manager; ClusterIssuers read their Secrets there.")
    ] = "cert-manager"
    issuers: Annotated[
        dict[DnsLabel, Issuer],
        doc("Issuers by name.", example={"letsencrypt": {"type": "acme"}}),
    ] = {}
    tls: Annotated[Tls, doc("Certificates of the pages.")] = Tls()
    gateway: Annotated[Gateway, doc("The way in, by the Gateway API.")] = Gateway()
    ingress: Annotated[Ingress, doc("The way in, by Ingresses.")] = Ingress()
    pages: Annotated[
        dict[DnsLabel, Page],
        doc(
            "Pages by name.",
            example={"mlflow": {"host": "mlflow.lab.example.org", "service": "mlflow", "port": 5000}},
        ),
    ] = {}
    network_policy: Annotated[NetworkPolicy, doc("Reaching the pods behind the pages.")] = NetworkPolicy()
    istio: Annotated[Istio, doc("Istio's own ingress gateway, for Kubeflow.")] = Istio()
