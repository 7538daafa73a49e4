"""Values for the account that installs the platform from CI or GitOps."""

from __future__ import annotations

from typing import Annotated

from generator.model import Model, doc
from generator.names import DnsLabel, DnsName


class GpuConfigs(Model):
    """Where the device plugin, or its operator, reads configurations."""

    namespace: Annotated[str, doc('Its namespace; "" for none.', example="gpu-operator", max_length=63)] = ""
    api: Annotated[
        str,
        doc(
            'Group, version and kind that a cluster serves when the namespace is there; "" never asks.',
            example="nvidia.com/v1/ClusterPolicy",
        ),
    ] = ""
    names: Annotated[
        list[DnsName], doc("ConfigMaps that the account may change.", example=["labhelm-mig-layouts"])
    ] = []


class Deployer(Model):
    """A ServiceAccount that may upgrade this release, and not much more."""

    enabled: Annotated[bool, doc("Make the account.")] = False
    name: Annotated[
        str, doc('Name of the ServiceAccount; "" makes one from the release\'s name.', max_length=253)
    ] = ""
    namespace: Annotated[
        str, doc('Its namespace, which must exist; "" takes the release\'s.', max_length=63)
    ] = ""
    cluster_admin: Annotated[bool, doc("Bind it to cluster-admin instead of the rights below.")] = False
    new_teams: Annotated[
        bool,
        doc(
            "Let it add teams by itself. Rights in a namespace that is yet to come are rights in all "
            "namespaces: it still reads no Secrets there, but whoever may start pods can mount them. "
            "Off: an administrator runs the upgrade that adds a team."
        ),
    ] = False
    namespaces: Annotated[
        list[DnsLabel],
        doc("Existing namespaces that charts of the platform render into, beside the teams'."),
    ] = []
    network_namespaces: Annotated[
        dict[DnsLabel, str],
        doc(
            "Namespaces of other releases in which the chart network has objects: addresses, certificates, "
            "routes and network policies may be written there, and nothing else. Each with group, version "
            'and kind of what a cluster serves when the namespace is there; "" never asks.',
            example={"metallb-system": "metallb.io/v1beta1/IPAddressPool"},
        ),
    ] = {}
    gpu_configs: Annotated[
        GpuConfigs, doc("ConfigMaps of the chart gpu-sharing, which others read in their own namespace.")
    ] = GpuConfigs()
    roles: Annotated[
        list[DnsName], doc("ClusterRoles that it may give to members in the teams' namespaces.")
    ] = ["view", "edit", "admin"]
