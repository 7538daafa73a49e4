"""From a profile's teams and deployer to the chart's values."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network
from typing import TYPE_CHECKING

from generator.components import gpu_sharing
from generator.components.lean import lean
from generator.components.network.build import namespaces as network_namespaces
from generator.components.poddefaults.values import PROFILE_LABEL, PROFILE_VALUE
from generator.components.shared import build_global
from generator.components.teams.deployer import Deployer, GpuConfigs
from generator.components.teams.isolation import Isolation
from generator.components.teams.values import (
    UNLIMITED,
    Amounts,
    Limits,
    PodSecurity,
    Quota,
    Subjects,
    Team,
    TeamsValues,
)
from generator.profile import teams

if TYPE_CHECKING:
    from generator.profile.model import Profile

KUBEFLOW_NAMESPACES = ["istio-system", "kubeflow"]


def build(profile: Profile) -> TeamsValues:
    """`enabled=False` when the profile has neither teams nor a deployer."""
    return TeamsValues(
        enabled=bool(profile.teams or profile.cluster.deployer),
        global_=build_global(profile),
        teams={team.name: _team(profile, team) for team in profile.teams},
        private_ranges=_private_ranges(profile),
        deployer=_deployer(profile),
    )


def _team(profile: Profile, team: teams.Team) -> Team:
    """Keys that say the same as the chart's `defaults` are left to them."""
    sized = Amounts(cpu=team.defaults.cpu, memory=team.defaults.memory)
    return lean(
        Team,
        namespace=team.namespace or "",
        access=_access(team.members),
        quota=_quota(team.quota or teams.Quota()),
        pod_security=PodSecurity(enforce=team.pod_security, audit=team.pod_security, warn=team.pod_security),
        limits=Limits(default_request=sized, default=sized),
        network=_network(profile, team.network),
        labels={PROFILE_LABEL: PROFILE_VALUE} if profile.kubeflow else {},
        image_pull_secrets=list(team.pull_secrets),
    ).model_copy(update={"keep": _may_hold_data(profile, team)})


def _network(profile: Profile, wish: teams.TeamNetwork) -> Isolation:
    """Kubeflow's parts and the pods of its users talk to each other."""
    parts = KUBEFLOW_NAMESPACES if profile.kubeflow else []
    allowed = list(dict.fromkeys([*wish.allow_from, *parts]))
    return lean(Isolation, internet=wish.internet, allow_from=allowed, allow_to=list(parts))


def _access(members: teams.Members) -> dict[str, Subjects]:
    if not _has_members(members):
        return {}
    return {members.role: lean(Subjects, users=list(members.users), groups=list(members.groups))}


def _has_members(members: teams.Members) -> bool:
    return bool(members.users or members.groups)


def _may_hold_data(profile: Profile, team: teams.Team) -> bool:
    """Whether a claim is or may be in the namespace: not where the quota allows none.

    Who lists no members may still work there, as an administrator or through a page of the platform.
    """
    namespace = team.team_namespace
    if any(
        profile.claim_namespace(v.claim) == namespace for v in profile.storage.volumes.values() if v.claim
    ):
        return True
    if profile.jupyterhub and profile.namespace_of(profile.jupyterhub.team) == namespace:
        return True
    return not (team.quota and team.quota.claims == 0)


def _quota(wish: teams.Quota) -> Quota:
    """What is not limited is left out; a limit of 0 is one."""
    return lean(
        Quota,
        cpu=wish.cpu or "",
        memory=wish.memory or "",
        gpus=UNLIMITED if wish.gpus is None else wish.gpus,
        storage=wish.storage or "",
        claims=UNLIMITED if wish.claims is None else wish.claims,
        pods=UNLIMITED if wish.pods is None else wish.pods,
    )


def _private_ranges(profile: Profile) -> list[str]:
    """The chart's ranges, and those networks and machines of the cluster that are in none of them."""
    known = [ip_network(text) for text in TeamsValues().private_ranges]
    for text in _cluster_networks(profile):
        network = ip_network(text)
        if not any(network.version == other.version and network.subnet_of(other) for other in known):  # type: ignore[arg-type]
            known.append(network)
    return [str(network) for network in known]


def _cluster_networks(profile: Profile) -> Iterator[str]:
    yield profile.cluster.pod_cidr
    yield profile.cluster.service_cidr
    yield from (node.address for node in profile.nodes if node.address)


def _deployer(profile: Profile) -> Deployer:
    """Without a name of the profile's it gets one of the release's: that keeps two releases apart."""
    wish = profile.cluster.deployer
    if wish is None:
        return Deployer()
    return Deployer(
        enabled=True,
        name=wish.name or "",
        namespace=wish.namespace or "",
        cluster_admin=wish.cluster_admin,
        namespaces=sorted(_further_namespaces(profile)),
        network_namespaces=network_namespaces(profile),
        gpu_configs=_gpu_configs(profile),
        roles=sorted({team.members.role for team in profile.teams if _has_members(team.members)}),
    )


def _gpu_configs(profile: Profile) -> GpuConfigs:
    values = gpu_sharing.build(profile)
    if not (values.enabled and values.reader.namespace and values.configs):
        return GpuConfigs()
    names = [name for name in (values.config_map, values.mig.config_map) if name]
    return GpuConfigs(namespace=values.reader.namespace, api=values.reader.api, names=names)


def _further_namespaces(profile: Profile) -> set[str]:
    """Namespaces of claims that are no team's."""
    claims = (volume.claim for volume in profile.storage.volumes.values())
    namespaces = {profile.claim_namespace(claim) for claim in claims if claim}
    return namespaces - {"", *profile.team_namespaces.values()}
