"""FlexiGroBots: Kubeflow on two machines, NFS on the master, GitHub login, one GPU in four slices."""

from __future__ import annotations

import copy

from generator.machines.files import machines_files
from tests.cluster.test_life import Data, profile_of
from tests.platforms.platform import Platform, live

PLATFORM = "flexigrobots"
NEW_NODE: Data = {"name": "robot", "address": "5.79.113.30", "cpu": 8, "memory": "32Gi"}


def exports(data: Data) -> list[str]:
    """Lines of the NFS server's /etc/exports."""
    files = machines_files(profile_of(data))
    (text,) = (str(text) for path, text in files.items() if path.endswith("/exports"))
    return [line for line in text.splitlines() if line.startswith("/")]


def test_the_platform_comes_up_with_a_pod_default_for_every_user(platform: Platform) -> None:
    platform.follow("from-flexigrobots.md")
    for user in ("ada", "bob"):
        defaults = platform.objects("poddefault", user)
        assert "access-ml-pipeline" in defaults
        assert defaults["access-ml-pipeline"]["spec"]["selector"]["matchLabels"] == {
            "access-ml-pipeline": "true"
        }


def test_one_gpu_counts_as_four_slices(platform: Platform) -> None:
    shown = {
        name: node["status"]["allocatable"].get("nvidia.com/gpu")
        for name, node in platform.objects("node").items()
    }
    assert shown == {"master": None, "worker": "4"}


def test_the_nfs_servers_exports_follow_the_nodes(platform: Platform) -> None:
    more = {**platform.data, "nodes": [*platform.data["nodes"], NEW_NODE]}
    before, after = exports(platform.data), exports(more)
    assert before
    assert all(line.startswith("/nfsroot/kubeflow_nfs") for line in after)
    assert NEW_NODE["address"] not in "".join(before)
    assert NEW_NODE["address"] in "".join(after)


def test_its_life(platform: Platform) -> None:
    changed = copy.deepcopy(platform.data)
    changed["nodes"].append(NEW_NODE)
    changed["teams"].append({"name": "eve", "members": {"users": ["eve@project-example.com"]}})
    changed["gpu"]["sharing"]["replicas"] = 8
    live(platform, changed)
    assert "eve" in platform.objects("namespace")
