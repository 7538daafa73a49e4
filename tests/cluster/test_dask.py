"""The chart dask on a real API server with Pod Security `restricted`; the pods themselves are simulated."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from generator.cluster.helm import Helm, Values
from generator.cluster.kubectl import Kubectl
from generator.output.yaml_text import dump
from generator.quantities import millicores
from tests.cluster.live_objects import eventually
from tests.conftest import ROOT

UMBRELLA = str(ROOT / "charts/umbrella")
SYSTEM = "labhelm.io/system"
SECONDS = 90.0
EVERYTHING: dict[str, Any] = {
    "config": {"distributed": {"scheduler": {"worker-ttl": "7 minutes"}}},
    "volumes": {"data": {"claim": "data", "mountPath": "/arl/data"}},
    "scheduler": {"pdb": {"enabled": True}, "service": {"type": "NodePort"}},
    "worker": {"replicas": 3, "sharedMemory": "128Mi", "env": {"ON": True, "N": 1}},
    "workerGroups": {
        "gpu": {"replicas": 1, "gpus": 2, "tolerations": [{"key": "gpu"}], "strategy": {"maxUnavailable": 1}},
        "auto": {"autoscaling": {"enabled": True}},
        "none": {"replicas": 0},
    },
    "notebook": {"service": {"type": "NodePort"}, "config": "c.ServerApp.open_browser = False"},
    "networkPolicy": {"clients": {"hub": {"podLabels": {"component": "singleuser-server"}}}},
}
KINDS = "deployments,services,serviceaccounts,configmaps,networkpolicies,poddisruptionbudgets,hpa,pods"
ValuesFile = Callable[[dict[str, Any]], Values]


@pytest.fixture
def team(kubectl: Kubectl, namespace: str) -> str:
    """A namespace that admits only pods that keep Pod Security `restricted`."""
    kubectl.run("label", "namespace", namespace, "pod-security.kubernetes.io/enforce=restricted")
    return namespace


@pytest.fixture
def values(tmp_path: Path) -> ValuesFile:
    """Values of the umbrella with this chart alone."""

    def write(dask: dict[str, Any]) -> Values:
        path = tmp_path / f"{uuid.uuid4().hex}.yaml"
        others = {name: {"enabled": False} for name in ("teams", "storage")}
        path.write_text(dump({**others, "dask": {"enabled": True, **dask}}))
        return Values((path,))

    return write


def _volume(namespace: str) -> str:
    """A volume of an NFS server, and its claim."""
    size, modes = {"storage": "1Gi"}, ["ReadWriteMany"]
    volume = {
        "apiVersion": "v1",
        "kind": "PersistentVolume",
        "metadata": {"name": f"{namespace}-data"},
        "spec": {
            "capacity": size,
            "accessModes": modes,
            "claimRef": {"namespace": namespace, "name": "data"},
            "nfs": {"server": "192.168.11.10", "path": "/data"},
        },
    }
    claim = {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": "data"},
        "spec": {"accessModes": modes, "storageClassName": "", "resources": {"requests": size}},
    }
    return f"{dump(volume)}---\n{dump(claim)}"


def _ready(kubectl: Kubectl, namespace: str) -> dict[str, int]:
    """Ready pods of each Deployment."""
    found = kubectl.get_all("deployments", namespace=namespace)
    return {each["metadata"]["name"]: each["status"].get("readyReplicas", 0) for each in found}


def test_install_test_upgrade_rollback_uninstall(
    helm: Helm, kubectl: Kubectl, team: str, values: ValuesFile
) -> None:
    helm.upgrade("arl", UMBRELLA, values({}), namespace=team, timeout=SECONDS)
    assert _ready(kubectl, team) == {"arl-dask-scheduler": 1, "arl-dask-worker": 1, "arl-dask-notebook": 1}
    helm.test("arl", namespace=team, timeout=SECONDS)
    assert not kubectl.find("pod", "arl-dask-test", namespace=team)
    kubectl.apply(_volume(team), namespace=team)
    helm.upgrade("arl", UMBRELLA, values(EVERYTHING), namespace=team, timeout=SECONDS)
    assert _ready(kubectl, team) == {
        "arl-dask-scheduler": 1,
        "arl-dask-worker": 3,
        "arl-dask-worker-gpu": 1,
        "arl-dask-worker-auto": 1,
        "arl-dask-worker-none": 0,
        "arl-dask-notebook": 1,
    }
    helm.rollback("arl", 1, namespace=team, timeout=SECONDS)
    assert _ready(kubectl, team) == {"arl-dask-scheduler": 1, "arl-dask-worker": 1, "arl-dask-notebook": 1}
    helm.uninstall("arl", namespace=team, timeout=SECONDS)
    kubectl.run("wait", "pods", "--all", "--for=delete", "--timeout=30s", "-n", team)
    assert [each["metadata"]["name"] for each in kubectl.get_all("pvc", namespace=team)] == ["data"]
    left = {each["metadata"]["name"] for each in kubectl.get_all(KINDS, namespace=team)}
    assert left == {"default", "kube-root-ca.crt"}


def test_autoscaled_replicas_survive_an_upgrade(
    helm: Helm, kubectl: Kubectl, team: str, values: ValuesFile
) -> None:
    scaled = {"worker": {"autoscaling": {"enabled": True, "minReplicas": 1}}}
    helm.upgrade("arl", UMBRELLA, values(scaled), namespace=team, timeout=SECONDS)
    kubectl.run("scale", "deployment", "arl-dask-worker", "--replicas=4", "-n", team)
    helm.upgrade("arl", UMBRELLA, values({**scaled, "config": {"a": 1}}), namespace=team, timeout=SECONDS)
    assert _ready(kubectl, team)["arl-dask-worker"] == 4


def test_two_releases_side_by_side(helm: Helm, kubectl: Kubectl, team: str, values: ValuesFile) -> None:
    small = {"worker": {"replicas": 2}}
    helm.upgrade("one", UMBRELLA, values(small), namespace=team, timeout=SECONDS)
    helm.upgrade("two", UMBRELLA, values(small), namespace=team, timeout=SECONDS)
    for release in ("one", "two"):
        endpoints = kubectl.get_all(
            "endpointslices", namespace=team, selector=f"kubernetes.io/service-name={release}-dask-scheduler"
        )
        pods = [each["targetRef"]["name"] for piece in endpoints for each in piece["endpoints"]]
        assert len(pods) == 1
        assert pods[0].startswith(f"{release}-dask-scheduler-")
    helm.uninstall("one", namespace=team, timeout=SECONDS)
    assert _ready(kubectl, team) == {"two-dask-scheduler": 1, "two-dask-worker": 2, "two-dask-notebook": 1}


@pytest.fixture
def system_node(kubectl: Kubectl) -> Iterator[str]:
    kubectl.run("label", "node", "big", f"{SYSTEM}=true")
    yield "big"
    kubectl.run("label", "node", "big", f"{SYSTEM}-")


def _nodes(kubectl: Kubectl, namespace: str, component: str) -> list[str]:
    selector = f"app.kubernetes.io/component={component}"
    return [
        each["spec"].get("nodeName", "")
        for each in kubectl.get_all("pods", namespace=namespace, selector=selector)
    ]


def _free_cores(kubectl: Kubectl, node: str) -> float:
    """CPU of a node that no pod has asked for, whatever its namespace."""
    pods = [each for each in kubectl.get_all("pods") if each["spec"].get("nodeName") == node]
    containers = [container for pod in pods for container in pod["spec"]["containers"]]
    asked = [container["resources"].get("requests", {}).get("cpu", "0") for container in containers]
    capacity = kubectl.get("node", node)["status"]["allocatable"]["cpu"]
    return (millicores(capacity) - sum(map(millicores, asked))) / 1000


def _assert_empty(kubectl: Kubectl, node: str) -> None:
    """Pods of earlier tests, which are about to go, still take part in where new ones are placed."""
    pods = [
        each["metadata"]["name"] for each in kubectl.get_all("pods") if each["spec"].get("nodeName") == node
    ]
    assert not pods


def test_workers_take_system_nodes_only_when_the_others_are_full(
    helm4: Helm, kubectl: Kubectl, team: str, values: ValuesFile, system_node: str
) -> None:
    eventually(lambda: _assert_empty(kubectl, "gpu"))
    system = {"placement": "system"}
    core = {"resources": {"limits": {"cpu": "1"}}}
    few = {"worker": {"replicas": 20, **core}, "scheduler": system, "notebook": system}
    helm4.upgrade("arl", UMBRELLA, values(few), namespace=team, timeout=SECONDS)
    assert _nodes(kubectl, team, "worker") == ["gpu"] * 20
    assert _nodes(kubectl, team, "scheduler") == _nodes(kubectl, team, "notebook") == [system_node]
    helm4.upgrade(
        "arl", UMBRELLA, values({**few, "worker": {"replicas": 80, **core}}), namespace=team, timeout=SECONDS
    )
    nodes = _nodes(kubectl, team, "worker")
    assert nodes.count("gpu") + nodes.count(system_node) == 80
    assert _free_cores(kubectl, "gpu") < 1, "workers on the system node beside room elsewhere"


def _shell(kubectl: Kubectl, folder: Path, line: str) -> str:
    """Run a line of the NOTES; its kubectl is one that knows the cluster."""
    program = folder / "kubectl"
    argv = (*kubectl.access.prefix, str(kubectl.path), *kubectl.access.flags("--context"))
    program.write_text(f'#!/bin/sh\nexec {shlex.join(argv)} "$@"\n')
    program.chmod(0o755)
    env = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-c", line], env=env, capture_output=True, text=True, check=False, timeout=30
    )
    assert done.returncode == 0, f"{line}\n{done.stderr}"
    return done.stdout.strip()


def test_commands_of_the_notes_work(
    helm: Helm, kubectl: Kubectl, team: str, values: ValuesFile, tmp_path: Path
) -> None:
    exposed = {
        "scheduler": {"service": {"type": "NodePort"}},
        "notebook": {"service": {"type": "LoadBalancer"}},
    }
    helm.upgrade("arl", UMBRELLA, values(exposed), namespace=team, wait=False)
    notes = helm.run("get", "notes", "arl", namespace=team).stdout
    commands = [line.strip() for line in notes.splitlines() if re.match(r"\s+(kubectl|echo) ", line)]
    make, read, notebook, dashboard = commands
    _shell(kubectl, tmp_path, make)
    token = _shell(kubectl, tmp_path, read)
    assert re.fullmatch(r"[A-Za-z0-9]{32,44}", token)
    _shell(kubectl, tmp_path, make)
    assert _shell(kubectl, tmp_path, read) == token
    status = '{"status": {"loadBalancer": {"ingress": [{"ip": "192.168.11.100"}]}}}'
    kubectl.run("patch", "service", "arl-dask-notebook", "-n", team, "--subresource=status", "-p", status)
    assert _shell(kubectl, tmp_path, notebook) == "http://192.168.11.100:8888"
    assert re.fullmatch(r"http://\d+\.\d+\.\d+\.\d+:3\d{4}", _shell(kubectl, tmp_path, dashboard))


def test_port_forward_of_the_notes_names_a_port_of_the_service(
    helm4: Helm, kubectl: Kubectl, team: str, values: ValuesFile
) -> None:
    helm4.upgrade("arl", UMBRELLA, values({}), namespace=team, timeout=SECONDS)
    notes = helm4.run("get", "notes", "arl", namespace=team).stdout
    forwards = re.findall(r"port-forward service/(\S+) (\d+):(\S+)", notes)
    assert [each[0] for each in forwards] == ["arl-dask-notebook", "arl-dask-scheduler"]
    for service, port, name in forwards:
        ports = kubectl.get("service", service, namespace=team)["spec"]["ports"]
        assert (name, int(port)) in {(each["name"], each["port"]) for each in ports}


def test_default_deny_namespace_is_not_opened_for_others(
    helm4: Helm, kubectl: Kubectl, team: str, values: ValuesFile
) -> None:
    """The server keeps each policy as written: every rule but that for DNS names who or where."""
    helm4.upgrade("arl", UMBRELLA, values({}), namespace=team, timeout=SECONDS)
    for policy in kubectl.get_all("networkpolicies", namespace=team):
        assert policy["spec"]["podSelector"]["matchLabels"]
        for rule in policy["spec"].get("ingress", []):
            assert rule["from"]
        for rule in policy["spec"]["egress"]:
            assert rule.get("to") or {port["port"] for port in rule["ports"]} == {53}
