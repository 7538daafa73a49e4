"""A profile's teams and deployer as values of the chart."""

from __future__ import annotations

from typing import Any

import pytest

from generator.components.teams import build
from generator.components.teams.values import TeamsValues
from generator.output.yaml_text import plain
from generator.profile.model import Profile

NODES = [{"name": "bonnie", "cpu": 8, "memory": "32Gi"}]


def _build(**profile: Any) -> TeamsValues:
    return build(Profile.model_validate({"name": "lab", "nodes": NODES, **profile}))


def _team(**team: Any) -> dict[str, Any]:
    made: dict[str, Any] = plain(_build(teams=[{"name": "vision", **team}]).teams["vision"])
    return made


def test_without_teams_and_deployer_the_chart_is_off() -> None:
    assert _build().enabled is False
    assert _build(cluster={"deployer": {}}).enabled is True


def test_a_plain_team_is_left_to_the_defaults() -> None:
    assert _team() == {"network": {"internet": True}, "keep": True}


def test_everything_that_a_team_can_say() -> None:
    made = _team(
        namespace="cv",
        members={"users": ["ada"], "groups": ["ml"], "role": "admin"},
        quota={"cpu": 4, "memory": "8Gi", "gpus": 0, "storage": "1Ti", "claims": 3, "pods": 9},
        defaults={"cpu": 1},
        podSecurity="baseline",
        network={"internet": False, "allowFrom": ["monitoring"]},
        pullSecrets=["own"],
    )
    sized = {"cpu": "1", "memory": "512Mi"}
    assert made == {
        "namespace": "cv",
        "keep": True,
        "access": {"admin": {"users": ["ada"], "groups": ["ml"]}},
        "quota": {"cpu": "4", "memory": "8Gi", "gpus": 0, "storage": "1Ti", "claims": 3, "pods": 9},
        "limits": {"defaultRequest": sized, "default": sized},
        "podSecurity": {"enforce": "baseline", "audit": "baseline", "warn": "baseline"},
        "network": {"allowFrom": ["monitoring"]},
        "imagePullSecrets": ["own"],
    }


VOLUME = {
    "v": {"size": "1Gi", "nfs": {"server": "n", "path": "/d"}, "claim": {"team": "vision", "name": "v"}}
}


@pytest.mark.parametrize(
    ("profile", "keep"),
    [
        ({}, True),
        ({"storage": {"volumes": VOLUME}}, True),
        ({"teams": [{"name": "vision", "members": {"users": ["ada"]}}]}, True),
        ({"teams": [{"name": "vision", "members": {"users": ["ada"], "role": "view"}}]}, True),
        ({"teams": [{"name": "vision", "members": {"users": ["ada"]}, "quota": {"claims": 0}}]}, False),
        ({"jupyterhub": {"team": "vision", "profiles": [{"name": "cpu"}]}}, True),
    ],
)
def test_a_namespace_is_kept_when_it_may_hold_data(profile: dict[str, Any], keep: bool) -> None:
    assert _build(**{"teams": [{"name": "vision"}], **profile}).teams["vision"].keep is keep


def test_the_clusters_own_networks_are_not_the_internet() -> None:
    nodes = [{"name": "a", "address": "203.0.113.7", "cpu": 8, "memory": "32Gi"}]
    ranges = _build(nodes=nodes, cluster={"podCIDR": "198.18.0.0/16"}).private_ranges
    assert {"198.18.0.0/16", "203.0.113.7/32", "10.0.0.0/8"} <= set(ranges)
    assert _build().private_ranges == TeamsValues().private_ranges


def test_the_deployer_may_give_the_roles_in_use_and_act_where_claims_are() -> None:
    volume = {**VOLUME["v"], "claim": {"namespace": "riseml", "name": "v"}}
    deployer = _build(
        teams=[{"name": "a", "members": {"users": ["x"], "role": "view"}}, {"name": "b"}],
        storage={"volumes": {"v": volume}},
        cluster={"deployer": {"clusterAdmin": True, "namespace": "ci"}},
    ).deployer
    assert deployer.enabled
    assert (deployer.roles, deployer.namespaces) == (["view"], ["riseml"])
    assert (deployer.name, deployer.namespace, deployer.cluster_admin) == ("", "ci", True)
    assert _build(cluster={"deployer": {"name": "bot"}}).deployer.name == "bot"
