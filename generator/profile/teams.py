"""Teams: a namespace each, with members, quota and network rules."""

from __future__ import annotations

from typing import Annotated, Literal

from generator.model import Model, doc
from generator.names import DnsLabel, DnsName
from generator.quantities import Cpu, Memory, Storage

Subject = Annotated[str, doc("A user or group as the API server knows it.", min_length=1, max_length=253)]


class Members(Model):
    """Who may work in the team's namespace."""

    users: Annotated[list[Subject], doc("Users.", example=["ada@example.org"])] = []
    groups: Annotated[list[Subject], doc("Groups.", example=["vision"])] = []
    role: Annotated[Literal["view", "edit", "admin"], doc("Built-in role they get in the namespace.")] = (
        "edit"
    )


class Quota(Model):
    """What the team may use at most, all pods together; a key left out is not limited."""

    cpu: Annotated[Cpu | None, doc("CPU.", unit="cores", example=32)] = None
    memory: Annotated[Memory | None, doc("Memory.", unit="bytes", example="64Gi")] = None
    gpus: Annotated[
        int | None, doc("GPUs, or slices where GPUs are shared.", unit="GPUs", example=4, ge=0)
    ] = None
    storage: Annotated[Storage | None, doc("Storage of all claims.", unit="bytes", example="1Ti")] = None
    claims: Annotated[int | None, doc("Number of claims.", unit="claims", example=20, ge=0)] = None
    pods: Annotated[int | None, doc("Number of pods.", unit="pods", example=100, ge=0)] = None


class ContainerDefaults(Model):
    """What a container gets that asks for nothing."""

    cpu: Annotated[Cpu, doc("CPU request and limit.", unit="cores", example="500m")] = "500m"
    memory: Annotated[Memory, doc("Memory request and limit.", unit="bytes", example="512Mi")] = "512Mi"


class TeamNetwork(Model):
    """What the team's pods may talk to, besides each other and DNS."""

    internet: Annotated[
        bool, doc("Allow addresses outside the cluster and outside private networks.", example=True)
    ] = True
    allow_from: Annotated[
        list[DnsLabel], doc("Namespaces whose pods may reach the team's pods.", example=["monitoring"])
    ] = []


class Team(Model):
    """One team and its namespace."""

    name: Annotated[DnsLabel, doc("Name of the team.", example="vision")]
    namespace: Annotated[
        DnsLabel | None, doc("Its namespace; the team's name when left out.", example="vision")
    ] = None
    members: Annotated[Members, doc("Who works in it.", example={"groups": ["vision"]})] = Members()
    quota: Annotated[
        Quota | None, doc("Upper bound of what it uses.", example={"cpu": 32, "memory": "64Gi"})
    ] = None
    defaults: Annotated[ContainerDefaults, doc("For containers that ask for nothing.")] = ContainerDefaults()
    pod_security: Annotated[
        Literal["restricted", "baseline", "privileged"],
        doc("Pod Security level that is enforced in the namespace."),
    ] = "restricted"
    network: Annotated[TeamNetwork, doc("Network rules.")] = TeamNetwork()
    pull_secrets: Annotated[
        list[DnsName], doc("More pull secrets for this team.", example=["team-registry"])
    ] = []

    @property
    def team_namespace(self) -> str:
        """The namespace that the team works in."""
        return self.namespace or self.name
