"""The profile: everything a team writes about its platform, typed and frozen."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Any

from generator.model import Model, doc
from generator.names import DnsName, PlatformName
from generator.profile.auth import Auth
from generator.profile.base import Base, Delivery
from generator.profile.cluster import Cluster
from generator.profile.gpu import Gpu
from generator.profile.monitoring import Monitoring
from generator.profile.network import Network
from generator.profile.node_prep import NodePrep
from generator.profile.nodes import Node
from generator.profile.storage import Storage
from generator.profile.teams import Team
from generator.profile.volumes import Claim, Volume
from generator.profile.workloads import Dask, JupyterHub, Kubeflow, Training


class Profile(Model):
    """One cluster of a team: its machines, and what shall run on them."""

    name: Annotated[PlatformName, doc("Name of the platform.", example="lab")]
    cluster: Annotated[Cluster, doc("The Kubernetes cluster.")] = Cluster()
    nodes: Annotated[
        list[Node],
        doc(
            "The machines.",
            example=[{"name": "kitt", "cpu": 64, "memory": "124Gi"}],
            min_length=1,
            max_length=5000,
        ),
    ]
    registry: Annotated[
        str | None,
        doc(
            "Registry that holds copies of all images: it is put before every image.",
            example="harbor.example.org/hub",
            pattern=r"^[a-z0-9][a-z0-9.-]*(:\d+)?(/[a-z0-9._-]+)*$",
        ),
    ] = None
    pull_secrets: Annotated[
        list[DnsName], doc("Pull secrets of the registries.", example=["arlregcred"])
    ] = []
    gpu: Annotated[Gpu, doc("How GPUs are advertised and shared.")] = Gpu()
    storage: Annotated[Storage, doc("Storage classes and volumes.")] = Storage()
    network: Annotated[Network, doc("The way in.")] = Network()
    auth: Annotated[
        Auth | None,
        doc("Who may log in.", example={"ldap": {"server": "nas", "searchBase": "dc=example,dc=org"}}),
    ] = None
    teams: Annotated[list[Team], doc("Teams.", example=[{"name": "vision"}])] = []
    monitoring: Annotated[
        Monitoring | None, doc("Metrics and dashboards; left out, none.", example={"scrapeInterval": "1s"})
    ] = None
    dask: Annotated[Dask | None, doc("Dask; left out, none.", example={"workers": {"replicas": 2}})] = None
    jupyterhub: Annotated[
        JupyterHub | None, doc("JupyterHub; left out, none.", example={"profiles": [{"name": "cpu"}]})
    ] = None
    kubeflow: Annotated[Kubeflow | None, doc("Kubeflow; left out, none.", example={"version": "1.11"})] = None
    training: Annotated[
        Training | None, doc("Training jobs; left out, none.", example={"runtimes": ["torch"]})
    ] = None
    base: Annotated[Base, doc("The base layer: upstream charts that the platform stands on.")] = Base()
    delivery: Annotated[
        Delivery | None,
        doc(
            "Git repository of this project, for Argo CD and Flux; left out, no files for them.",
            example={"repository": "https://git.example.org/ml/platform.git"},
        ),
    ] = None
    node_prep: Annotated[NodePrep, doc("Preparation of the machines.")] = NodePrep()
    overrides: Annotated[
        dict[str, dict[str, Any]],
        doc(
            "Values of single charts, checked against the chart's own model.",
            example={"dask": {"worker": {"sharedMemory": "2Gi"}}},
        ),
    ] = {}

    @cached_property
    def team_namespaces(self) -> dict[str, str]:
        """Namespace of each team by the team's name."""
        return {team.name: team.team_namespace for team in self.teams}

    def namespace_of(self, team: str | None) -> str:
        """Namespace of a team; "" (the release's own) for none."""
        return "" if team is None else self.team_namespaces.get(team, team)

    def claim_of(self, name: str, volume: Volume) -> Claim:
        """The claim that the volume is reserved for; left out, one of its own name beside the release."""
        return volume.claim or Claim(name=name)

    def claim_namespace(self, claim: Claim) -> str:
        """Namespace that a volume's claim lives in; "" is the release's own."""
        return claim.namespace or self.namespace_of(claim.team)

    def is_schedulable(self, node: Node) -> bool:
        """Whether ordinary workloads may run on the node."""
        if node.schedulable is not None:
            return node.schedulable
        return node.role == "worker" or all(other.role == "control-plane" for other in self.nodes)
