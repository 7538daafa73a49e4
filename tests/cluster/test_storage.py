"""Volumes and claims on a real API server with its real volume binder, by both helms.

No volume is mounted: pods are simulated. Their scripts run in tests/render/test_storage.py.
"""

from __future__ import annotations

import shlex
import time
from typing import Any

import pytest

from generator.cluster.helm import Helm
from generator.cluster.kubectl import Kubectl
from generator.errors import CommandError
from generator.output.yaml_text import dump
from tests.cluster.platform_release import PlatformRelease

NFS = {"server": "192.168.11.10", "path": "/data"}
DATA = {"size": "100Gi", "accessModes": ["ReadWriteMany"], "nfs": NFS}
SIMULATED_CLASS = {"provisioner": "kwok.x-k8s.io/volume"}


def _values(labels: str = "one", /, **volumes: Any) -> dict[str, Any]:
    return {"storage": {"enabled": True, "labels": {"backup": labels}, "volumes": volumes}}


@pytest.fixture
def release(helm: Helm, namespace: str) -> PlatformRelease:
    return PlatformRelease(helm, namespace)


def _bound(kubectl: Kubectl, namespace: str, claim: str) -> dict[str, Any]:
    """The claim, once it is bound."""
    kubectl.wait("pvc", claim, until="jsonpath={.status.phase}=Bound", namespace=namespace, timeout=30)
    return kubectl.get("pvc", claim, namespace=namespace)


def _uids(kubectl: Kubectl, namespace: str, claim: str) -> tuple[str, str]:
    bound = _bound(kubectl, namespace, claim)
    volume = kubectl.get("pv", bound["spec"]["volumeName"])
    assert volume["spec"]["claimRef"]["uid"] == bound["metadata"]["uid"]
    assert volume["metadata"]["name"] == f"{namespace}.{claim}"
    return bound["metadata"]["uid"], volume["metadata"]["uid"]


def _phase(kubectl: Kubectl, kind: str, name: str, namespace: str = "") -> str:
    return str(kubectl.get(kind, name, namespace=namespace)["status"]["phase"])


def test_data_survives_upgrade_rollback_uninstall_and_reinstall(
    release: PlatformRelease, kubectl: Kubectl
) -> None:
    release.upgrade(_values(data=DATA))
    first = _uids(kubectl, release.namespace, "data")
    release.upgrade(_values("two", data=DATA, more=DATA))
    volume = kubectl.get("pv", f"{release.namespace}.data")
    assert volume["metadata"]["labels"]["backup"] == "two"
    release.rollback(1)
    assert kubectl.get("pv", f"{release.namespace}.data")["metadata"]["labels"]["backup"] == "one"
    assert _bound(kubectl, release.namespace, "more"), "a volume that left the values stays"
    kept = release.uninstall()
    assert "[PersistentVolumeClaim] data" in kept
    assert _uids(kubectl, release.namespace, "data") == first
    release.upgrade(_values(data=DATA))
    assert _uids(kubectl, release.namespace, "data") == first


def test_what_helm_3_installed_helm_4_upgrades_and_takes_over(
    helm3: Helm, helm4: Helm, namespace: str, kubectl: Kubectl
) -> None:
    PlatformRelease(helm3, namespace).upgrade(_values(data=DATA))
    first = _uids(kubectl, namespace, "data")
    release = PlatformRelease(helm4, namespace)
    release.upgrade(_values("two", data=DATA))
    release.uninstall()
    release.upgrade(_values(data=DATA))
    assert _uids(kubectl, namespace, "data") == first


def test_a_volume_binds_to_its_claim_and_to_no_other(release: PlatformRelease, kubectl: Kubectl) -> None:
    """The volume is there first; claims of the same size and mode want it, one of them by its name."""
    here = release.namespace
    release.upgrade(_values(db=DATA | {"claim": {"create": False}}))
    for name, extra in {"thief": {}, "bold": {"volumeName": f"{here}.db"}}.items():
        kubectl.apply(_claim(name, extra), namespace=here)
    time.sleep(3)  # the binder had its chance
    assert [_phase(kubectl, "pvc", name, here) for name in ("thief", "bold")] == ["Pending", "Pending"]
    assert _phase(kubectl, "pv", f"{here}.db") == "Available"
    kubectl.apply(_claim("db", {}), namespace=here)
    assert _bound(kubectl, here, "db")["spec"]["volumeName"] == f"{here}.db"
    assert [_phase(kubectl, "pvc", name, here) for name in ("thief", "bold")] == ["Pending", "Pending"]


def _claim(name: str, extra: dict[str, Any]) -> str:
    size = {"requests": {"storage": "100Gi"}}
    spec = {"accessModes": ["ReadWriteMany"], "storageClassName": "", "resources": size}
    return dump(
        {
            "apiVersion": "v1",
            "kind": "PersistentVolumeClaim",
            "metadata": {"name": name},
            "spec": spec | extra,
        }
    )


def test_a_static_volume_grows_while_its_claim_keeps_its_size(
    release: PlatformRelease, kubectl: Kubectl
) -> None:
    release.upgrade(_values(data=DATA))
    with pytest.raises(CommandError, match="only dynamically provisioned pvc can be resized"):
        release.upgrade(_values(data=DATA | {"size": "200Gi"}))
    release.upgrade(_values(data=DATA | {"size": "200Gi", "claim": {"size": "100Gi"}}))
    assert kubectl.get("pv", f"{release.namespace}.data")["spec"]["capacity"]["storage"] == "200Gi"
    _uids(kubectl, release.namespace, "data")


def test_a_released_volume_is_given_back_as_the_notes_say(release: PlatformRelease, kubectl: Kubectl) -> None:
    here = release.namespace
    notes = release.upgrade(_values(data=DATA))
    _, volume_uid = _uids(kubectl, here, "data")
    kubectl.delete("pvc", "data", namespace=here)
    kubectl.wait("pv", f"{here}.data", until="jsonpath={.status.phase}=Released")
    command = notes[notes.index("kubectl patch persistentvolume") :].split("\nA static", 1)[0]
    kubectl.run(*shlex.split(command.replace("\\\n", " "))[1:])
    release.upgrade(_values(data=DATA))
    assert _uids(kubectl, here, "data")[1] == volume_uid


def test_another_release_cannot_take_the_data_by_accident(
    helm: Helm, namespace: str, kubectl: Kubectl
) -> None:
    first, second = PlatformRelease(helm, namespace), PlatformRelease(helm, namespace, "other")
    first.upgrade(_values(data=DATA))
    before = _uids(kubectl, namespace, "data")
    with pytest.raises(CommandError, match="cannot be imported into the current release"):
        second.upgrade(_values(data=DATA))
    first.uninstall()
    second.uninstall()
    second.upgrade(_values(data=DATA), "--take-ownership")
    assert _uids(kubectl, namespace, "data") == before


def test_two_releases_of_one_name_in_two_namespaces(helm: Helm, namespace: str, kubectl: Kubectl) -> None:
    kubectl.run("create", "namespace", f"{namespace}-b")
    for place in (namespace, f"{namespace}-b"):
        PlatformRelease(helm, place).upgrade(_values(data=DATA))
    assert _uids(kubectl, namespace, "data") != _uids(kubectl, f"{namespace}-b", "data")
    kubectl.delete("namespace", f"{namespace}-b", wait=False)


def test_a_class_fills_a_claim_and_the_claim_survives(release: PlatformRelease, kubectl: Kubectl) -> None:
    """The provisioner is simulated by kwok; it serves a class of this name only."""
    values = _values()
    claim = {"size": "5Gi", "className": "kwok-volume"}
    values["storage"] |= {"claims": {"runs": claim}, "classes": {"kwok-volume": SIMULATED_CLASS}}
    values["storage"]["defaultClass"] = "kwok-volume"
    release.upgrade(values)
    made = kubectl.get("storageclass", "kwok-volume")["metadata"]["annotations"]
    assert made["storageclass.kubernetes.io/is-default-class"] == "true"
    first = _bound(kubectl, release.namespace, "runs")
    release.uninstall()
    assert kubectl.find("storageclass", "kwok-volume") is None
    release.upgrade(values)
    again = _bound(kubectl, release.namespace, "runs")
    assert (again["metadata"]["uid"], again["spec"]) == (first["metadata"]["uid"], first["spec"])
    release.upgrade(_values())
    assert _bound(kubectl, release.namespace, "runs")
    release.uninstall()


def test_the_test_pods_pass_admission_and_quota(release: PlatformRelease, kubectl: Kubectl) -> None:
    """Real admission: Pod Security `restricted`, a quota that wants requests. The pods' end is simulated."""
    here = release.namespace
    kubectl.run("label", "namespace", here, "pod-security.kubernetes.io/enforce=restricted")
    hard = "requests.cpu=100m,requests.memory=100Mi,limits.cpu=1,limits.memory=1Gi,pods=5"
    kubectl.run("create", "quota", "tight", f"--hard={hard}", "-n", here)
    release.upgrade(
        _values(
            shared=DATA, own=DATA | {"accessModes": ["ReadWriteOnce"]}, raw=DATA | {"volumeMode": "Block"}
        )
    )
    report = release.test()
    assert report.count("Succeeded") == 4
    assert kubectl.get_all("pods", namespace=here) == [], "they are gone, so that claims can be deleted"


SOURCES: dict[str, dict[str, Any]] = {
    "nfs": {"nfs": NFS},
    "csi-nfs": {"csi": {"driver": "nfs.csi.k8s.io", "volumeAttributes": {"server": "n", "share": "/d"}}},
    "csi-smb": {
        "csi": {
            "driver": "smb.csi.k8s.io",
            "volumeAttributes": {"source": "//nas/d"},
            "nodeStageSecretRef": {"name": "nas"},
            "nodePublishSecretRef": {"name": "nas", "namespace": "kube-system"},
            "controllerExpandSecretRef": {"name": "nas"},
        }
    },
    "local": {"local": {"path": "/mnt/x"}, "nodes": ["big"]},
    "hostpath": {"hostPath": {"path": "/d", "type": "DirectoryOrCreate"}},
    "iscsi": {
        "iscsi": {"targetPortal": "n:3260", "iqn": "iqn.2004-04.com.example:s", "secretRef": {"name": "chap"}}
    },
    "raw": {"source": {"fc": {"wwids": ["500a"]}}},
}


def test_the_api_server_takes_every_source_and_changes_none(
    release: PlatformRelease, kubectl: Kubectl
) -> None:
    volumes = {name: {"size": "1Gi", **source} for name, source in SOURCES.items()}
    release.upgrade(_values(**volumes))
    for name in volumes:
        _uids(kubectl, release.namespace, name)
    release.upgrade(_values("two", **volumes))
