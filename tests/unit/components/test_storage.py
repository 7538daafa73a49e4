"""A profile's storage section as values of the chart."""

from __future__ import annotations

from typing import Any

import pytest

from generator.components.storage import build
from generator.components.storage.values import StorageValues
from generator.output.yaml_text import plain
from generator.profile.model import Profile

NODES = [{"name": "bonnie", "address": "192.168.11.10", "cpu": 8, "memory": "32Gi"}]


def _build(**storage: Any) -> StorageValues:
    content = {
        "name": "lab",
        "nodes": NODES,
        "teams": [{"name": "vision", "namespace": "cv"}],
        "storage": storage,
    }
    return build(Profile.model_validate(content))


def _volume(**volume: Any) -> dict[str, Any]:
    made: dict[str, Any] = plain(_build(volumes={"v": {"size": "1Gi", **volume}}).volumes["v"])
    return made


def test_without_storage_the_chart_is_off() -> None:
    assert build(Profile.model_validate({"name": "x", "nodes": NODES})).enabled is False
    assert _build(classes={"there": {"type": "existing"}}).enabled is False


def test_the_lab_volume_reads_well() -> None:
    claim = {"team": "vision", "name": "data"}
    assert _volume(access="ReadWriteMany", nfs={"server": "bonnie", "path": "/data"}, claim=claim) == {
        "size": "1Gi",
        "accessModes": ["ReadWriteMany"],
        "claim": {"namespace": "cv", "name": "data"},
        "nfs": {"server": "192.168.11.10", "path": "/data"},
    }


@pytest.mark.parametrize(
    ("given", "key", "wanted"),
    [
        ({"nfs": {"server": "nas", "path": "/d"}}, "nfs", {"server": "nas", "path": "/d"}),
        (
            {"nfs": {"server": "bonnie", "path": "/d", "csi": True}},
            "csi",
            {"driver": "nfs.csi.k8s.io", "volumeAttributes": {"server": "192.168.11.10", "share": "/d"}},
        ),
        (
            {"smb": {"source": "//nas/d", "secret": {"name": "nas"}}},
            "csi",
            {
                "driver": "smb.csi.k8s.io",
                "volumeAttributes": {"source": "//nas/d"},
                "nodeStageSecretRef": {"name": "nas"},
            },
        ),
        (
            {"csi": {"driver": "d.example.org", "volumeHandle": "h", "attributes": {"a": "b"}}},
            "csi",
            {"driver": "d.example.org", "volumeHandle": "h", "volumeAttributes": {"a": "b"}},
        ),
        (
            {"hostPath": {"path": "/d", "create": True}},
            "hostPath",
            {"path": "/d", "type": "DirectoryOrCreate"},
        ),
        ({"local": {"node": "bonnie", "path": "/d"}}, "nodes", ["bonnie"]),
        ({"iscsi": {"portal": "nas:3260", "iqn": "iqn.x"}}, "iscsi",
         {"targetPortal": "nas:3260", "iqn": "iqn.x", "lun": 0, "fsType": "ext4"}),
        ({"source": {"fc": {"lun": 0}}}, "source", {"fc": {"lun": 0}}),
    ],
)  # fmt: skip
def test_each_source(given: dict[str, Any], key: str, wanted: Any) -> None:
    assert _volume(**given)[key] == wanted


def test_a_volume_without_claim_is_reserved_for_its_own_name() -> None:
    assert _volume(nfs={"server": "n", "path": "/d"})["claim"] == {"name": "v"}


def test_modes_and_options() -> None:
    made = _volume(
        nfs={"server": "n", "path": "/d"}, reclaimPolicy="Delete", mountOptions=["hard"], volumeMode="Block"
    )
    assert (made["reclaimPolicy"], made["mountOptions"], made["volumeMode"]) == ("Delete", ["hard"], "Block")


def test_a_volume_of_a_class_is_a_claim() -> None:
    values = _build(
        classes={"nfs": {"type": "nfs", "server": "bonnie", "share": "/e"}},
        volumes={"runs": {"size": "5Gi", "class": "nfs", "claim": {"team": "vision", "name": "runs"}}},
    )
    assert not values.volumes
    assert (
        plain(values.claims["runs"]).items()
        >= {"className": "nfs", "namespace": "cv", "name": "runs"}.items()
    )


CLASSES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "nfs": (
        {"server": "bonnie", "share": "/e", "mountOptions": ["nfsvers=4.1"]},
        {
            "provisioner": "nfs.csi.k8s.io",
            "parameters": {"server": "192.168.11.10", "share": "/e"},
            "mountOptions": ["nfsvers=4.1"],
        },
    ),
    "nfs-subdir": (
        {"server": "bonnie", "share": "/e"},
        {"provisioner": "labhelm.io/nfs-subdir-c", "allowVolumeExpansion": False},
    ),
    "nfs-trial": (
        {},
        {
            "provisioner": "nfs.csi.k8s.io",
            "parameters": {"server": "nfs-trial.nfs-trial.svc.cluster.local", "share": "/"},
        },
    ),
    "smb": (
        {"source": "//nas/d", "secret": {"name": "nas"}, "reclaimPolicy": "Delete"},
        {
            "provisioner": "smb.csi.k8s.io",
            "parameters": {
                "source": "//nas/d",
                "csi.storage.k8s.io/node-stage-secret-name": "nas",
                "csi.storage.k8s.io/node-stage-secret-namespace": "kube-system",
            },
            "reclaimPolicy": "Delete",
        },
    ),
    "longhorn": (
        {"replicas": 3},
        {"provisioner": "driver.longhorn.io", "parameters": {"numberOfReplicas": "3"}},
    ),
    "local-path": (
        {},
        {
            "provisioner": "rancher.io/local-path",
            "allowVolumeExpansion": False,
            "volumeBindingMode": "WaitForFirstConsumer",
        },
    ),
    "csi": (
        {"provisioner": "p.example.org", "parameters": {"a": "b"}, "expandable": False, "waitForPod": True},
        {
            "provisioner": "p.example.org",
            "parameters": {"a": "b"},
            "allowVolumeExpansion": False,
            "volumeBindingMode": "WaitForFirstConsumer",
        },
    ),
}


@pytest.mark.parametrize("kind", CLASSES)
def test_each_type_of_class(kind: str) -> None:
    given, wanted = CLASSES[kind]
    values = _build(default="c", classes={"c": {"type": kind, **given}})
    assert plain(values.classes["c"]) == wanted
    assert values.default_class == "c"


def test_the_default_may_be_a_class_that_is_there_already() -> None:
    """Its mark is then the cluster's own: two default classes would be one too many."""
    assert _build(default="x", classes={"x": {"type": "existing"}}).default_class == ""
