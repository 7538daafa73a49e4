"""From a profile's Kubeflow to PodDefaults."""

from __future__ import annotations

from typing import Any

from generator.components.poddefaults.made import pod_defaults
from generator.components.poddefaults.values import PodDefault
from generator.profile.model import Profile

NODE = {"name": "a", "role": "control-plane", "schedulable": True, "cpu": 8, "memory": "32Gi"}
VOLUMES = {
    "volumes": {
        "images": {"size": "1Gi", "nfs": {"server": "n", "path": "/d"}, "claim": {"team": "bio", "name": "c"}}
    }
}


def _made(kubeflow: dict[str, Any] | None, **sections: Any) -> dict[str, PodDefault]:
    base: dict[str, Any] = {"name": "lab", "nodes": [NODE], "teams": [{"name": "bio"}, {"name": "vision"}]}
    profile = Profile.model_validate(base | {"kubeflow": kubeflow, "storage": VOLUMES} | sections)
    return {made.name: made.values for made in pod_defaults(profile)}


def test_nothing_without_kubeflow() -> None:
    assert _made(None) == {}


def test_pipelines_always_the_rest_when_it_applies() -> None:
    assert list(_made({})) == ["access-ml-pipeline"]
    gpu = {"name": "g", "cpu": 8, "memory": "32Gi", "gpus": {"product": "T4", "count": 1}}
    assert list(_made({}, nodes=[NODE, gpu], pullSecrets=["s"])) == [
        "access-ml-pipeline", "gpu-runtime", "pull-secrets",
    ]  # fmt: skip


def test_volumes_are_offered_where_the_claim_is_whatever_teams_are_asked_for() -> None:
    mount = {"volume": "images", "mountPath": "/images"}
    made = _made(
        {
            "volumes": [mount],
            "podDefaults": {
                "own": {"volumes": [mount], "teams": ["bio", "vision"]},
                "any": {"env": {"A": "b"}},
            },
        }
    )
    assert made["images"].namespaces == made["own"].namespaces == ["bio"]
    assert made["any"].namespaces == []


def test_taints_become_tolerations() -> None:
    taints = [{"key": "a"}, {"key": "b", "value": "v", "effect": "NoExecute"}]
    made = _made({"podDefaults": {"own": {"tolerations": taints}}})["own"]
    assert made.tolerations == [
        {"key": "a", "operator": "Exists", "effect": "NoSchedule"},
        {"key": "b", "operator": "Equal", "value": "v", "effect": "NoExecute"},
    ]
