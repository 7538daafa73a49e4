"""The chart `storage` by both helms: names, reservations, classes, sources, the pods of `helm test`."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.render.conftest import Template
from tests.render.helm_binary import Document, Helm

NFS = {"server": "192.168.11.10", "path": "/data"}
DATA = {"size": "100Gi", "nfs": NFS}
SECOND_CLASS = {"provisioner": "other.example.org"}


def _volumes(**volumes: Any) -> dict[str, Any]:
    return {"volumes": volumes}


def _kind(documents: list[Document], kind: str) -> list[Document]:
    return [one for one in documents if one["kind"] == kind]


def _one(documents: list[Document], kind: str) -> Document:
    (found,) = _kind(documents, kind)
    return found


def _tests(documents: list[Document]) -> dict[str, Document]:
    return {pod["metadata"]["name"]: pod for pod in _kind(documents, "Pod")}


class TestNames:
    """docs/decisions/0004-volume-names.md."""

    def _name(self, template: Template, volume: dict[str, Any], **options: Any) -> str:
        name: str = _one(template("storage", _volumes(v=volume), **options), "PersistentVolume")["metadata"][
            "name"
        ]
        return name

    def test_a_volume_is_named_after_its_claim(self, template: Template) -> None:
        volume = DATA | {"claim": {"namespace": "vision", "name": "data"}}
        assert self._name(template, volume) == "vision.data"
        assert self._name(template, volume, release="other", namespace="elsewhere") == "vision.data"

    def test_a_name_of_the_users_own_wins(self, template: Template) -> None:
        assert self._name(template, DATA | {"name": "riseml-data"}) == "riseml-data"

    def test_one_release_name_in_two_namespaces_shares_no_name(self, template: Template) -> None:
        assert self._name(template, DATA, namespace="a") != self._name(template, DATA, namespace="b")

    def test_dots_and_dashes_do_not_make_two_claims_one(self, template: Template) -> None:
        claims = [
            {"namespace": "a-b", "name": "c"},
            {"namespace": "a", "name": "b-c"},
            {"namespace": "a", "name": "b.c"},
        ]
        assert len({self._name(template, DATA | {"claim": claim}) for claim in claims}) == 3

    def test_the_longest_names_stay_valid_and_apart(self, template: Template) -> None:
        names = {
            self._name(template, DATA | {"claim": {"namespace": "n" * 63, "name": "c" * 250 + end}})
            for end in "xy"
        }
        assert len(names) == 2
        assert all(len(name) <= 253 for name in names)


class TestReservation:
    def test_claim_and_volume_name_each_other_and_nothing_a_controller_writes(
        self, template: Template
    ) -> None:
        documents = template("storage", _volumes(data=DATA | {"claim": {"namespace": "vision"}}))
        volume, claim = _one(documents, "PersistentVolume"), _one(documents, "PersistentVolumeClaim")
        reference = {
            "apiVersion": "v1",
            "kind": "PersistentVolumeClaim",
            "namespace": "vision",
            "name": "data",
        }
        assert volume["spec"]["claimRef"] == reference
        assert claim["spec"]["volumeName"] == volume["metadata"]["name"]
        assert (claim["metadata"]["namespace"], claim["metadata"]["name"]) == ("vision", "data")
        assert volume["spec"]["storageClassName"] == claim["spec"]["storageClassName"] == ""
        assert not any(key in one for one in documents for key in ("status", "uid"))
        assert not any(
            "pv.kubernetes.io" in key for one in documents for key in one["metadata"].get("annotations", {})
        )

    def test_data_outlives_the_release_unless_told_otherwise(self, template: Template) -> None:
        for keep, policy in ((None, "keep"), (True, "keep"), (False, None)):
            volume = DATA if keep is None else DATA | {"keep": keep}
            for one in template("storage", _volumes(data=volume), show_only=""):
                if one["kind"] != "Pod":
                    assert one["metadata"].get("annotations", {}).get("helm.sh/resource-policy") == policy
        assert (
            _one(template("storage", _volumes(d=DATA)), "PersistentVolume")["spec"][
                "persistentVolumeReclaimPolicy"
            ]
            == "Retain"
        )

    def test_another_charts_claim_is_reserved_but_not_made(self, template: Template) -> None:
        volume = DATA | {"className": "default", "claim": {"name": "db-0", "create": False}}
        documents = template("storage", _volumes(db=volume))
        assert [one["kind"] for one in documents] == ["PersistentVolume"]
        assert documents[0]["spec"]["storageClassName"] == "default"

    def test_modes_options_and_size_reach_both(self, template: Template) -> None:
        volume = DATA | {
            "accessModes": ["ReadWriteMany", "ReadOnlyMany"], "volumeMode": "Block", "mountOptions": ["ro"],
            "reclaimPolicy": "Delete", "claim": {"size": "50Gi"}, "labels": {"tier": "hot"},
        }  # fmt: skip
        documents = template("storage", _volumes(v=volume) | {"labels": {"backup": "daily"}})
        pv, pvc = _one(documents, "PersistentVolume"), _one(documents, "PersistentVolumeClaim")
        for one in (pv, pvc):
            assert one["spec"]["accessModes"] == ["ReadWriteMany", "ReadOnlyMany"]
            assert one["spec"]["volumeMode"] == "Block"
            assert one["metadata"]["labels"].items() >= {"tier": "hot", "backup": "daily"}.items()
        assert pv["spec"]["mountOptions"] == ["ro"]
        assert pv["spec"]["persistentVolumeReclaimPolicy"] == "Delete"
        assert pv["spec"]["capacity"]["storage"] == "100Gi"
        assert pvc["spec"]["resources"]["requests"]["storage"] == "50Gi"

    def test_a_number_of_bytes_stays_one(self, template: Template) -> None:
        documents = template("storage", _volumes(v=DATA | {"size": 107374182400}))
        assert _one(documents, "PersistentVolume")["spec"]["capacity"]["storage"] == "107374182400"

    def test_a_dynamic_claim_names_its_class_and_no_volume(self, template: Template) -> None:
        claim = {"size": "5Gi", "className": "nfs", "accessModes": ["ReadWriteMany"]}
        spec = _one(template("storage", {"claims": {"runs": claim}}), "PersistentVolumeClaim")["spec"]
        assert spec["storageClassName"] == "nfs"
        assert "volumeName" not in spec


SMB = {"driver": "smb.csi.k8s.io", "volumeAttributes": {"source": "//nas/d"}}
ANY = {"driver": "d.example.org", "volumeHandle": "h", "fsType": "xfs"}
SECRET = {"name": "s", "namespace": "kube-system"}
FOLDER = {"path": "/d", "type": "Directory"}
TARGET = {"targetPortal": "nas:3260", "iqn": "iqn.2004-04.com.example:s", "fsType": "ext4"}
SOURCES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "nfs": ({"nfs": NFS | {"readOnly": True}}, {"nfs": NFS | {"readOnly": True}}),
    "csi with what is left out": (
        {"csi": SMB | {"nodeStageSecretRef": {"name": "nas"}}},
        {
            "csi": SMB
            | {"volumeHandle": "platform.v", "nodeStageSecretRef": {"name": "nas", "namespace": "platform"}}
        },
    ),
    "csi": ({"csi": ANY | {"nodePublishSecretRef": SECRET}}, {"csi": ANY | {"nodePublishSecretRef": SECRET}}),
    "hostPath": ({"hostPath": FOLDER}, {"hostPath": FOLDER}),
    "iscsi": ({"iscsi": TARGET}, {"iscsi": TARGET | {"lun": 0}}),
    "raw": ({"source": {"fc": {"wwids": ["500a"], "lun": 0}}}, {"fc": {"wwids": ["500a"], "lun": 0}}),
}


class TestSources:
    @pytest.mark.parametrize("name", SOURCES)
    def test_a_source_is_rendered_as_kubernetes_writes_it(self, template: Template, name: str) -> None:
        given, wanted = SOURCES[name]
        spec = _one(template("storage", _volumes(v={"size": "1Gi", **given})), "PersistentVolume")["spec"]
        assert {key: spec[key] for key in wanted} == wanted

    def test_a_local_volume_is_tied_to_its_nodes(self, template: Template) -> None:
        volume = {"size": "1Gi", "local": {"path": "/mnt/x"}, "nodes": ["kitt"]}
        spec = _one(template("storage", _volumes(v=volume)), "PersistentVolume")["spec"]
        (term,) = spec["nodeAffinity"]["required"]["nodeSelectorTerms"]
        assert term["matchExpressions"] == [
            {"key": "kubernetes.io/hostname", "operator": "In", "values": ["kitt"]}
        ]

    def test_no_source_or_two_are_refused_by_name(self, helm: Helm) -> None:
        assert "storage.volumes.v has none: give one source" in helm.refusal(
            "storage", _volumes(v={"size": "1Gi"})
        )
        two = DATA | {"hostPath": {"path": "/d"}}
        assert "storage.volumes.v has hostPath and nfs" in helm.refusal("storage", _volumes(v=two))


class TestClasses:
    def test_one_class_is_the_default_or_none(self, template: Template) -> None:
        values = {
            "classes": {
                "nfs": {"provisioner": "nfs.csi.k8s.io", "parameters": {"port": "1"}},
                "b": SECOND_CLASS,
            }
        }
        mark = "storageclass.kubernetes.io/is-default-class"
        for default in ("", "nfs"):
            classes = template("storage", values | {"defaultClass": default})
            marked = [c["metadata"]["name"] for c in classes if mark in c["metadata"].get("annotations", {})]
            assert marked == ([default] if default else [])
        assert classes[1]["parameters"] == {"port": "1"}

    def test_a_default_that_is_no_class_is_refused(self, helm: Helm) -> None:
        assert 'defaultClass is "x"' in helm.refusal(
            "storage", {"defaultClass": "x", "classes": {"b": SECOND_CLASS}}
        )

    def test_false_is_not_unset(self, template: Template) -> None:
        (made,) = template("storage", {"classes": {"b": SECOND_CLASS | {"allowVolumeExpansion": False}}})
        assert made["allowVolumeExpansion"] is False


class TestTestPods:
    """`helm test` (F6)."""

    def test_a_shared_volume_has_two_pods_in_order_any_other_one(self, template: Template) -> None:
        shared = DATA | {"accessModes": ["ReadWriteMany"]}
        pods = _tests(template("storage", _volumes(shared=shared, own=DATA)))
        weights = {name: pod["metadata"]["annotations"]["helm.sh/hook-weight"] for name, pod in pods.items()}
        assert weights == {
            "platform-storage-test-write-shared": "0",
            "platform-storage-test-read-shared": "1",
            "platform-storage-test-check-own": "0",
        }

    def test_they_can_be_left_out_for_one_volume_or_all(self, template: Template) -> None:
        assert not _tests(template("storage", _volumes(v=DATA | {"test": False})))
        assert not _tests(template("storage", _volumes(v=DATA) | {"test": {"enabled": False}}))

    @pytest.mark.parametrize("image", [{"tag": "1.36"}, {"digest": "sha256:" + "0" * 64}])
    def test_the_image_can_be_another(self, template: Template, image: dict[str, str]) -> None:
        values = _volumes(v=DATA) | {
            "test": {"image": {"repository": "own", **image}},
            "global": {"imageRegistry": "r.example.org"},
        }
        (pod,) = _tests(template("storage", values)).values()
        wanted = f"@{image['digest']}" if "digest" in image else f":{image['tag']}"
        assert pod["spec"]["containers"][0]["image"] == f"r.example.org/own{wanted}"

    def test_the_files_of_a_volume_keep_their_group(self, template: Template) -> None:
        (pod,) = _tests(template("storage", _volumes(v=DATA))).values()
        assert "fsGroup" not in pod["spec"]["securityContext"]

    def test_the_real_scripts_write_and_read_back(self, template: Template, tmp_path: Path) -> None:
        pods = _tests(template("storage", _volumes(s=DATA | {"accessModes": ["ReadWriteMany"]}, o=DATA)))
        for name in ("write-s", "read-s", "check-o"):
            done = _run_script(pods[f"platform-storage-test-{name}"], tmp_path)
            assert (done.returncode, done.stdout) == (0, "SUCCESS\n"), done.stderr
        assert not list(tmp_path.iterdir())

    def test_the_reader_fails_when_the_writers_file_did_not_arrive(
        self, template: Template, tmp_path: Path
    ) -> None:
        pods = _tests(template("storage", _volumes(s=DATA | {"accessModes": ["ReadWriteMany"]})))
        assert _run_script(pods["platform-storage-test-read-s"], tmp_path).returncode != 0

    def test_a_volume_that_cannot_be_written_says_who_tried(self, template: Template, tmp_path: Path) -> None:
        (pod,) = _tests(template("storage", _volumes(v=DATA))).values()
        done = _run_script(pod, tmp_path / "missing")
        assert done.returncode != 0
        assert "cannot write here" in done.stderr

    def test_a_read_only_volume_is_only_listed(self, template: Template, tmp_path: Path) -> None:
        (pod,) = _tests(template("storage", _volumes(v=DATA | {"accessModes": ["ReadOnlyMany"]}))).values()
        assert pod["spec"]["volumes"][0]["persistentVolumeClaim"]["readOnly"] is True
        assert _run_script(pod, tmp_path).returncode == 0
        assert not list(tmp_path.iterdir())


def _run_script(pod: Document, volume: Path) -> subprocess.CompletedProcess[str]:
    """The pod's own command, with a folder of ours in place of its volume."""
    (container,) = pod["spec"]["containers"]
    given = {one["name"]: one["value"].replace("/volume", str(volume)) for one in container["env"]}
    argv = [*container["command"], *container["args"]]
    return subprocess.run(
        argv, env={"PATH": "/usr/bin:/bin", **given}, capture_output=True, text=True, check=False
    )
