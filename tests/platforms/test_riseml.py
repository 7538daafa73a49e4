"""RiseML: experiments in their own namespace, with six volumes reserved for six claims."""

from __future__ import annotations

import copy
import json

from tests.platforms.platform import Platform, live

PLATFORM = "riseml"
CLAIMS = {f"riseml-{part}-claim" for part in ("data", "output", "db", "git", "registry", "logs")}


def test_the_platform_comes_up(platform: Platform) -> None:
    foreign = {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": "somebody-elses"},
        "spec": {
            "accessModes": ["ReadWriteOnce"],
            "storageClassName": "",
            "resources": {"requests": {"storage": "1Gi"}},
        },
    }
    platform.kubectl.apply(json.dumps(foreign), namespace="default")
    platform.follow("from-riseml.md")
    assert set(platform.bound()["riseml"]) == CLAIMS
    claim = platform.kubectl.get("pvc", "somebody-elses", namespace="default")
    assert claim["status"]["phase"] == "Pending"


def test_nodes_carry_the_teams_own_labels(platform: Platform) -> None:
    labels = {name: node["metadata"]["labels"] for name, node in platform.objects("node").items()}
    system = [name for name, own in labels.items() if own.get("riseml.com/system-node") == "true"]
    build = [name for name, own in labels.items() if own.get("riseml.com/build-node") == "true"]
    assert system == build == ["ip-172-31-21-53"]


def test_the_deployer_installs_and_reads_no_secrets_elsewhere(platform: Platform) -> None:
    user = f"system:serviceaccount:{platform.release.namespace}:platform-teams-deployer"
    may = platform.kubectl.can_i
    assert may("create", "persistentvolumes", user=user)
    assert may("create", "deployments.apps", namespace="riseml", user=user)
    assert not may("list", "secrets", namespace="kube-system", user=user)


def test_its_life(platform: Platform) -> None:
    changed = copy.deepcopy(platform.data)
    changed["teams"].append({"name": "guests"})
    changed["storage"]["volumes"]["models"] = {
        "size": "50Gi",
        "nfs": {"server": "fs-59258290.efs.eu-west-1.amazonaws.com", "path": "/models"},
        "claim": {"team": "riseml", "name": "models"},
    }
    changed["nodes"].append(
        {"name": "ip-172-31-30-99", "address": "172.31.30.99", "cpu": 8, "memory": "61Gi"}
    )
    live(platform, changed)
    assert "guests" in platform.objects("namespace")
