"""Single checks over snapshots: fine points, and what cannot be broken on an API server of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from generator.checking import check_bytes
from generator.doctor.base import Check, Finding, State, Wish
from generator.doctor.checks import CHECKS, gpus, load_balancer, monitors, nodes, secrets, versions, volumes
from generator.doctor.checks.release import differing
from generator.doctor.examining import examine, exit_code
from generator.doctor.selectors import matches
from generator.doctor.snapshot import RELEASES, Api, Snapshot

PROFILE = """\
name: lab
nodes:
  - {name: bonnie, role: control-plane, cpu: 12, memory: 32Gi}
  - {name: kitt, cpu: 64, memory: 124Gi, gpus: {product: Tesla-T4, count: 2}}
gpu: {sharing: {strategy: time-slicing, replicas: 4}}
network: {loadBalancer: [192.168.11.100-192.168.11.110, 10.9.0.0/30]}
"""
Json = dict[str, Any]


def wish(*manifests: Json, text: str = PROFILE) -> Wish:
    profile = check_bytes(text.encode(), "lab.yaml").profile
    assert profile is not None
    return Wish(profile, {}, manifests)


GPU, SHARED = "nvidia.com/gpu", "nvidia.com/gpu.shared"


def node(name: str, allocatable: dict[str, str] | None = None) -> Json:
    status = {
        "conditions": [{"type": "Ready", "status": "True"}],
        "allocatable": allocatable or {},
        "nodeInfo": {"kubeletVersion": "v1.36.1"},
    }
    return {"metadata": {"name": name, "labels": {}}, "spec": {}, "status": status}


def said(findings: Any) -> list[str]:
    """All but the notes."""
    return [f"{one.subject} {one.message}" for one in findings if one.state is not State.OK]


def test_every_check_has_a_name_and_a_module_of_its_own() -> None:
    assert len({check.name for check in CHECKS}) == len(CHECKS)
    assert len({getattr(check.look, "__module__", "") for check in CHECKS}) == len(CHECKS)


def test_a_cluster_without_anything_has_findings_and_no_check_fails() -> None:
    outcomes = examine(wish(), Snapshot(server_version="v1.36.0"))
    assert exit_code(outcomes) == 1
    assert "node kitt is not in the cluster" in said(one for out in outcomes for one in out.findings)


def test_gpus_are_counted_times_their_slices() -> None:
    snapshot = Snapshot(objects={"nodes": [node("kitt", {GPU: "2"}), node("bonnie")]})
    assert said(gpus.look(wish(), snapshot)) == [
        "node kitt advertises 2 nvidia.com/gpu, the profile says 8 (2 x 4)"
    ]
    snapshot = Snapshot(objects={"nodes": [node("kitt", {GPU: "8"}), node("bonnie")]})
    assert said(gpus.look(wish(), snapshot)) == []


def test_gpus_under_another_name_and_gpus_that_nobody_wrote_down() -> None:
    found = {"nodes": [node("kitt", {SHARED: "8"}), node("bonnie", {GPU: "1"})]}
    assert said(gpus.look(wish(), Snapshot(objects=found))) == [
        "node bonnie advertises 1 nvidia.com/gpu, the profile says 0",
        "node kitt advertises 0 nvidia.com/gpu, the profile says 8 (2 x 4)",
        "node kitt advertises 8 nvidia.com/gpu.shared, the profile says 0 (2 x 0)",
    ]


def test_a_node_that_is_not_ready_says_why() -> None:
    down = node("kitt")
    down["status"]["conditions"] = [{"type": "Ready", "status": "Unknown", "message": "Kubelet stopped"}]
    snapshot = Snapshot(objects={"nodes": [down]})
    assert "node kitt is not Ready: Kubelet stopped" in said(nodes.look(wish(), snapshot))


@pytest.mark.parametrize(
    ("kubelet", "word"),
    [("v1.37.0", "newer than"), ("v1.32.9", "older than"), ("v1.33.0", ""), ("v1.36.9", "")],
)
def test_version_skew(kubelet: str, word: str) -> None:
    one = node("kitt")
    one["status"]["nodeInfo"]["kubeletVersion"] = kubelet
    found = said(versions.look(wish(), Snapshot(server_version="v1.36.1", objects={"nodes": [one]})))
    assert len(found) == (1 if word else 0)
    assert all(word in line for line in found)


def test_another_version_of_the_api_server() -> None:
    found = said(versions.look(wish(), Snapshot(server_version="v1.34.4+rke2r1")))
    assert found == ["API server is v1.34.4+rke2r1, the profile says 1.36"]


@pytest.mark.parametrize(
    ("given", "count"),
    [
        ([{"ip": "192.168.11.110"}], 0),
        ([{"ip": "10.9.0.3"}], 0),
        ([{"ip": "10.9.0.4"}], 1),
        ([{"ip": "fd00::1"}], 1),
        ([{"hostname": "lb.example.org"}], 0),
        ([], 1),
    ],
)
def test_addresses_of_the_pool(given: list[Json], count: int) -> None:
    service = {
        "metadata": {"name": "s", "namespace": "n"},
        "spec": {"type": "LoadBalancer"},
        "status": {"loadBalancer": {"ingress": given}},
    }
    found = said(load_balancer.look(wish(), Snapshot(objects={"services": [service]})))
    assert len(found) == count


def volume(phase: str, claim: str = "data") -> Json:
    reference = {"namespace": "vision", "name": claim}
    return {
        "kind": "PersistentVolume",
        "metadata": {"name": "vision.data"},
        "spec": {"claimRef": reference},
        "status": {"phase": phase},
    }


@pytest.mark.parametrize(
    ("live", "word"),
    [
        (volume("Bound"), ""),
        (volume("Released"), "is Released"),
        (volume("Failed"), "is Failed"),
        (volume("Bound", "other"), "belongs to the claim vision/other"),
    ],
)
def test_volumes(live: Json, word: str) -> None:
    snapshot = Snapshot(objects={"persistentvolumes": [live]})
    found = said(volumes.look(wish(volume("Bound")), snapshot))
    assert [word in line for line in found] == ([True] if word else [])


def test_a_claim_that_waits_for_its_first_pod_is_all_right() -> None:
    def claim(of_class: str) -> Json:
        spec = {"storageClassName": of_class}
        place = {"name": "c", "namespace": "n"}
        return {
            "kind": "PersistentVolumeClaim",
            "metadata": place,
            "spec": spec,
            "status": {"phase": "Pending"},
        }

    classes = [
        {"metadata": {"name": "local"}, "volumeBindingMode": "WaitForFirstConsumer"},
        {"metadata": {"name": "nfs"}, "volumeBindingMode": "Immediate"},
    ]
    for name, count in (("local", 0), ("nfs", 1)):
        objects = {"persistentvolumeclaims": [claim(name)], "storageclasses.storage.k8s.io": classes}
        assert len(said(volumes.look(wish(claim(name)), Snapshot(objects=objects)))) == count


MONITOR: Json = {
    "apiVersion": "monitoring.coreos.com/v1",
    "kind": "ServiceMonitor",
    "metadata": {"name": "m", "namespace": "vision", "labels": {"release": "prometheus"}},
}


@pytest.mark.parametrize(
    ("spec", "word"),
    [
        ({"serviceMonitorSelector": {}, "serviceMonitorNamespaceSelector": {}}, ""),
        ({"serviceMonitorSelector": {}}, "no Prometheus looks into namespace vision"),
        ({"serviceMonitorNamespaceSelector": {}}, "main does not select its labels"),
        (
            {
                "serviceMonitorSelector": {"matchLabels": {"release": "kps"}},
                "serviceMonitorNamespaceSelector": {},
            },
            "main does not select its labels",
        ),
        (
            {
                "serviceMonitorSelector": {},
                "serviceMonitorNamespaceSelector": {"matchLabels": {"monitored": "yes"}},
            },
            "no Prometheus looks into namespace vision",
        ),
    ],
)
def test_what_a_prometheus_selects(spec: Json, word: str) -> None:
    server: Json = {"metadata": {"name": "main", "namespace": "monitoring"}, "spec": spec}
    objects = {
        "prometheuses.monitoring.coreos.com": [server],
        "servicemonitors.monitoring.coreos.com": [MONITOR],
        "namespaces": [{"metadata": {"name": "vision", "labels": {}}}],
    }
    found = said(monitors.look(wish(MONITOR), Snapshot(objects=objects)))
    assert [word in line for line in found] == ([True] if word else [])


def test_the_fix_of_a_monitor_is_what_the_prometheus_wants() -> None:
    selector = {"matchLabels": {"release": "kps"}}
    spec = {"serviceMonitorSelector": selector, "serviceMonitorNamespaceSelector": {}}
    server: Json = {"metadata": {"name": "main", "namespace": "monitoring"}, "spec": spec}
    objects = {
        "prometheuses.monitoring.coreos.com": [server],
        "servicemonitors.monitoring.coreos.com": [MONITOR],
    }
    (found,) = (f for f in monitors.look(wish(MONITOR), Snapshot(objects=objects)) if f.fix)
    assert " ".join(found.fix) == "kubectl -n vision label servicemonitor m release=kps --overwrite"


@pytest.mark.parametrize(
    ("selector", "labels", "selected"),
    [
        (None, {}, False),
        ({}, {}, True),
        ({"matchLabels": {"a": "1"}}, {"a": "1", "b": "2"}, True),
        ({"matchLabels": {"a": "1"}}, {"a": "2"}, False),
        ({"matchExpressions": [{"key": "a", "operator": "In", "values": ["1"]}]}, {"a": "1"}, True),
        ({"matchExpressions": [{"key": "a", "operator": "NotIn", "values": ["1"]}]}, {}, True),
        ({"matchExpressions": [{"key": "a", "operator": "NotIn", "values": ["1"]}]}, {"a": "1"}, False),
        ({"matchExpressions": [{"key": "a", "operator": "Exists"}]}, {}, False),
        ({"matchExpressions": [{"key": "a", "operator": "DoesNotExist"}]}, {"a": ""}, False),
    ],
)
def test_selectors(selector: Json | None, labels: dict[str, str], selected: bool) -> None:
    assert matches(selector, labels) is selected


def test_secrets_that_may_not_be_seen_are_unknown_not_missing() -> None:
    text = PROFILE + (
        "storage:\n  volumes:\n"
        "    nas: {size: 1Gi, smb: {source: //nas/x, secret: {name: nas}}, claim: {name: nas}}\n"
    )
    manifest = {
        "kind": "PersistentVolume",
        "metadata": {"name": "v"},
        "spec": {"csi": {"nodeStageSecretRef": {"name": "nas", "namespace": "default"}}},
    }
    hidden = Snapshot(refused={"default/nas": "not allowed to read it"})
    (one,) = (f for f in secrets.look(wish(manifest, text=text), hidden) if f.subject)
    assert one.state is State.UNKNOWN
    there = Snapshot(secrets={"default": ["nas"]})
    assert said(secrets.look(wish(manifest, text=text), there)) == []


def test_values_that_differ_are_named_by_their_paths() -> None:
    one = {"a": {"b": 1, "c": {"d": [1]}}, "same": {"x": {}}}
    other = {"a": {"b": 2, "e": "f"}, "same": {}}
    assert sorted(differing(one, other)) == ["a.b", "a.c.d", "a.e"]


@pytest.mark.parametrize(
    ("states", "code"),
    [([], 0), (["ok"], 0), (["ok", "cannot tell"], 2), (["cannot tell", "difference"], 1)],
)
def test_exit_codes(states: list[str], code: int) -> None:
    checks = [
        Check(
            f"check-{index}",
            lambda wish, snapshot, state=state: iter([Finding("s", "m", state=State(state))]),
        )
        for index, state in enumerate(states)
    ]
    assert exit_code(examine(wish(), Snapshot(), checks)) == code


def test_what_could_not_be_read_stops_only_its_own_checks() -> None:
    snapshot = replace(Snapshot(server_version="v1.36.0"), refused={"nodes": "not allowed", RELEASES: "no"})
    states = {one.name: one.state for one in examine(wish(), snapshot)}
    unknown = {name for name, state in states.items() if state is State.UNKNOWN}
    assert unknown == {"versions", "nodes", "labels", "gpus", "node-prep", "release"}


def test_an_api_of_another_version_of_its_group_counts_as_served() -> None:
    served = Snapshot(
        apis=[Api("gateways.gateway.networking.k8s.io", "gateway.networking.k8s.io/v1", "Gateway", True)]
    )
    assert served.api_of({"apiVersion": "gateway.networking.k8s.io/v1beta1", "kind": "Gateway"})
    assert served.api_of({"apiVersion": "networking.istio.io/v1", "kind": "Gateway"}) is None
