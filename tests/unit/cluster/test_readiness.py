"""What a release waits for, told from recorded answers of the API server."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from generator.cluster.kubectl import Access, Kubectl
from generator.cluster.readiness import waiting_for, workloads
from generator.cluster.runner import RecordingRunner, Result


def _kubectl(**answers: list[dict[str, Any]]) -> Kubectl:
    def answer(argv: tuple[str, ...]) -> Result:
        kinds = argv[argv.index("get") + 1]
        items = answers.get("pods" if kinds == "pod" else "owners", [])
        return Result(argv, 0, json.dumps({"items": items}), "")

    return Kubectl(Path("kubectl"), RecordingRunner(answer), Access(context="test"))


def _pod(status: dict[str, Any]) -> dict[str, Any]:
    return {"metadata": {"namespace": "vision", "name": "worker-1"}, "status": status}


def test_a_pod_without_a_node_says_why() -> None:
    status = {
        "conditions": [{"type": "PodScheduled", "status": "False", "message": "0/3 nodes: Insufficient cpu"}]
    }
    assert waiting_for(_kubectl(pods=[_pod(status)]), "platform") == [
        "vision/worker-1: 0/3 nodes: Insufficient cpu"
    ]


def test_a_container_that_waits_says_for_what() -> None:
    waiting = {"waiting": {"reason": "CreateContainerConfigError", "message": 'secret "login" not found'}}
    status = {"containerStatuses": [{"name": "a", "ready": False, "state": waiting}]}
    assert waiting_for(_kubectl(pods=[_pod(status)]), "platform") == [
        'vision/worker-1: CreateContainerConfigError secret "login" not found'
    ]


def test_pods_that_are_not_even_taken_are_told_of_their_owner() -> None:
    refused = {"type": "ReplicaFailure", "status": "True", "message": "exceeded quota"}
    owner = {"metadata": {"namespace": "vision", "name": "worker"}, "status": {"conditions": [refused]}}
    assert waiting_for(_kubectl(owners=[owner]), "platform") == ["vision/worker: exceeded quota"]


def test_finished_and_ready_pods_are_not_waited_for() -> None:
    ready = {"containerStatuses": [{"name": "a", "ready": True, "state": {"running": {}}}]}
    assert waiting_for(_kubectl(pods=[_pod(ready), _pod({"phase": "Succeeded"})]), "platform") == []


def test_a_workload_scaled_to_zero_is_complete() -> None:
    owner = {
        "kind": "Deployment",
        "metadata": {"namespace": "v", "name": "w"},
        "spec": {"replicas": 0},
        "status": {},
    }
    (found,) = workloads(_kubectl(owners=[owner]), "platform")
    assert (found.ready, found.wanted) == (0, 0)
