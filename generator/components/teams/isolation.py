"""Values for the teams' NetworkPolicies."""

from __future__ import annotations

from typing import Annotated

from generator.model import Model, doc
from generator.names import Cidr, DnsLabel, LabelKey, LabelValue


class Isolation(Model):
    """NetworkPolicies of a namespace. Pods of the same namespace and DNS are always allowed."""

    isolate: Annotated[
        bool, doc("Deny what is not allowed here, in both directions. Off: no NetworkPolicy at all.")
    ] = True
    internet: Annotated[bool, doc("Allow connections to addresses outside of `privateRanges`.")] = False
    allow_from: Annotated[
        list[DnsLabel], doc("Namespaces whose pods may connect to the team's.", example=["monitoring"])
    ] = []
    allow_to: Annotated[
        list[DnsLabel], doc("Namespaces whose pods the team's may connect to.", example=["minio"])
    ] = []
    allow_from_cidrs: Annotated[
        list[Cidr], doc("Networks that may connect to the team's pods.", example=["192.168.11.0/24"])
    ] = []
    allow_to_cidrs: Annotated[
        list[Cidr], doc("Networks that the team's pods may connect to.", example=["192.168.11.0/24"])
    ] = []


class Dns(Model):
    """Where the cluster's DNS answers."""

    namespace: Annotated[DnsLabel, doc("Namespace of the DNS pods.")] = "kube-system"
    pod_labels: Annotated[dict[LabelKey, LabelValue], doc("Labels of the DNS pods.")] = {
        "k8s-app": "kube-dns"
    }
    cidrs: Annotated[
        list[Cidr], doc("Addresses of DNS caches on the nodes.", example=["169.254.20.10/32"])
    ] = []
