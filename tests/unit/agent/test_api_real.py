"""The ports over a real API server, with the service account and the rights a node's agent has.

Nodes and pods are simulated (no kubelet); leases, evictions, budgets, conditions, RBAC are the real thing.
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from generator.cluster.kubectl import Kubectl
from generator.cluster.local import LocalCluster, SimNode
from generator.errors import LabhelmError
from tests.unit.agent.bed import AGENT_HOME

NAMESPACE = "labhelm-node-prep"
Call = tuple[str, str, list[Any]]
KINDS = "pdb,deployments,daemonsets,pods"
NODES = ("alpha", "beta", "gamma")
RULES = [
    {"apiGroups": [""], "resources": ["nodes"], "verbs": ["get", "patch"]},
    {"apiGroups": [""], "resources": ["nodes/status"], "verbs": ["patch"]},
    {"apiGroups": [""], "resources": ["pods"], "verbs": ["list"]},
    {"apiGroups": [""], "resources": ["pods/eviction"], "verbs": ["create"]},
    {"apiGroups": [""], "resources": ["events"], "verbs": ["create"]},
    {"apiGroups": ["coordination.k8s.io"], "resources": ["leases"], "verbs": ["get", "create", "update"]},
]
DRIVER = """
import json, ssl, sys
sys.path.insert(0, sys.argv[1])
from agent.kube import Api, ports_for
from agent.validate import parse
from agent.errors import AgentError
order = json.load(sys.stdin)
context = ssl.create_default_context(cafile=order["ca"])
api = Api(order["url"], lambda: order["token"], context)
ports = ports_for(api, parse(order["settings"]), order["node"])
answers = []
for port, method, arguments in order["calls"]:
    try:
        answers.append(getattr(getattr(ports, port), method)(*arguments))
    except AgentError as error:
        answers.append({"error": error.reason, "message": str(error)})
print(json.dumps(answers))
"""


class Bed:
    """The cluster, and an agent of one node in it."""

    def __init__(self, cluster: LocalCluster, folder: Path) -> None:
        self.kubectl: Kubectl = cluster.kubectl()
        self.enter = cluster.enter()
        view = json.loads(self.kubectl.run("config", "view", "--raw", "--minify", "-o", "json").stdout)
        server = view["clusters"][0]["cluster"]
        self.url = server["server"]
        self.ca = folder / "ca.crt"
        self._write_ca(server)
        self.token = ""

    def prepare(self) -> None:
        meta = {"name": "agent", "namespace": NAMESPACE}
        rbac = "rbac.authorization.k8s.io"
        subject = {"kind": "ServiceAccount", **meta}
        self.apply(
            {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}},
            {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": meta},
            {
                "apiVersion": f"{rbac}/v1",
                "kind": "ClusterRole",
                "metadata": {"name": "agent"},
                "rules": RULES,
            },
            {
                "apiVersion": f"{rbac}/v1",
                "kind": "ClusterRoleBinding",
                "metadata": {"name": "agent"},
                "roleRef": {"apiGroup": rbac, "kind": "ClusterRole", "name": "agent"},
                "subjects": [subject],
            },
        )
        self.token = self.kubectl.run("create", "token", "agent", "-n", NAMESPACE).stdout.strip()

    def apply(self, *objects: dict[str, Any]) -> None:
        for item in objects:
            self.kubectl.apply(json.dumps(item))

    def start(self, node: str, *calls: Call, **settings: Any) -> subprocess.Popen[str]:
        order = {
            "url": self.url,
            "ca": str(self.ca),
            "token": self.token,
            "node": node,
            "calls": calls,
            "settings": {"lease": {"namespace": NAMESPACE}, **settings},
        }
        command = [*self.enter, sys.executable, "-c", DRIVER, str(AGENT_HOME)]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert process.stdin
        process.stdin.write(json.dumps(order))
        process.stdin.close()
        return process

    def call(self, node: str, *calls: Call, **settings: Any) -> list[Any]:
        return answers_of(self.start(node, *calls, **settings))

    def node(self, name: str) -> Any:
        return self.kubectl.get("node", name)

    def lease(self, slot: int = 0) -> Any:
        return self.kubectl.get("lease", f"node-prep-{slot}", namespace=NAMESPACE)

    def _write_ca(self, server: dict[str, str]) -> None:
        data = server.get("certificate-authority-data")
        file = server.get("certificate-authority", "")
        self.ca.write_bytes(base64.b64decode(data) if data else Path(file).read_bytes())


def answers_of(process: subprocess.Popen[str]) -> list[Any]:
    assert process.stdout
    text = process.stdout.read()
    assert process.wait() == 0
    answers = json.loads(text)
    assert isinstance(answers, list)
    return answers


@pytest.fixture(scope="module")
def bed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bed]:
    folder = tmp_path_factory.mktemp("api")
    tools = Path.home() / ".cache/labhelm/tools"
    if not list(tools.glob("control-plane/*/control-plane")):
        pytest.skip("no control plane in the cache of tools: `labhelm tools` builds it")
    local = LocalCluster("agent", state_dir=folder / "state")
    try:
        local.start([SimNode(name, 8, "16Gi") for name in NODES])
    except LabhelmError as error:
        local.stop()
        pytest.skip(f"the local cluster did not start: {error}")
    try:
        made = Bed(local, folder)
        made.prepare()
        yield made
    finally:
        local.stop()


@pytest.fixture(autouse=True)
def fresh_leases(bed: Bed) -> None:
    bed.kubectl.run("delete", "lease", "--all", "-n", NAMESPACE)


def workload(kind: str, name: str, namespace: str, node: str, **spec: Any) -> dict[str, Any]:
    """Pods of a controller on one node: what replaces an evicted one waits for the uncordon."""
    container = {"name": "main", "image": "example.org/image:1"}
    selector = {"kubernetes.io/hostname": node}
    body = {"nodeSelector": selector, "containers": [container], "terminationGracePeriodSeconds": 0, **spec}
    template = {"metadata": {"labels": {"app": name}}, "spec": body}
    metadata = {"name": name, "namespace": namespace}
    rest = {"selector": {"matchLabels": {"app": name}}, "template": template}
    return {"apiVersion": "apps/v1", "kind": kind, "metadata": metadata, "spec": rest}


def pods_on(bed: Bed, node: str, namespace: str) -> list[str]:
    pods = bed.kubectl.get_all("pods", namespace=namespace)
    return sorted(item["metadata"]["labels"]["app"] for item in pods if item["spec"].get("nodeName") == node)


def eventually(check: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < deadline, "did not come true in time"
        time.sleep(0.2)


@pytest.fixture
def space(bed: Bed) -> Iterator[str]:
    name = f"test-{uuid.uuid4().hex[:8]}"
    bed.kubectl.run("create", "namespace", name)
    yield name
    bed.kubectl.run(
        "delete", "pdb,deployments,daemonsets,pods", "--all", "-n", name, "--force", "--grace-period=0"
    )


ACQUIRE: Call = ("lease", "acquire", [])
RELEASE: Call = ("lease", "release", [])
META: Call = ("cluster", "metadata", [])


def test_of_racing_nodes_exactly_one_gets_the_lease(bed: Bed) -> None:
    for _ in range(3):
        racing = [bed.start(node, ACQUIRE) for node in NODES]
        answers = [answers_of(process)[0] for process in racing]
        assert answers.count(None) == 1, answers
        assert {answer["error"] for answer in answers if answer} == {"LeaseHeld"}
        winner = NODES[answers.index(None)]
        assert bed.lease()["spec"]["holderIdentity"] == winner
        assert bed.call(winner, RELEASE) == [None]


def test_two_slots_are_two_nodes(bed: Bed) -> None:
    lease = {"namespace": NAMESPACE, "slots": 2}
    racing = [bed.start(node, ACQUIRE, lease=lease) for node in NODES]
    assert [answers_of(process)[0] for process in racing].count(None) == 2


def test_failed_holder_keeps_the_lease_and_says_why(bed: Bed) -> None:
    lease = {"namespace": NAMESPACE, "durationSeconds": 601}
    bed.call("alpha", ACQUIRE, ("lease", "phase", ["failed", "containerd is not healthy"]), lease=lease)
    old = {"spec": {"renewTime": "2020-01-01T00:00:00.000000Z"}}
    bed.kubectl.run("patch", "lease", "node-prep-0", "-n", NAMESPACE, "--type=merge", "-p", json.dumps(old))
    (answer,) = bed.call("beta", ACQUIRE, lease=lease)
    assert answer["message"] == "the lease is held by alpha (failed: containerd is not healthy)"
    assert bed.call("alpha", ACQUIRE, RELEASE, lease=lease) == [None, None], "the holder itself goes on"


@pytest.mark.parametrize(
    ("holder", "phase", "taken"),
    [("alpha", "draining", True), ("alpha", "changing", False), ("gone", "changing", True)],
)
def test_expired_lease(bed: Bed, holder: str, phase: str, taken: bool) -> None:
    bed.call(holder, ACQUIRE, ("lease", "phase", [phase]))
    old = {"spec": {"renewTime": "2020-01-01T00:00:00.000000Z"}}
    bed.kubectl.run("patch", "lease", "node-prep-0", "-n", NAMESPACE, "--type=merge", "-p", json.dumps(old))
    (answer,) = bed.call("beta", ACQUIRE)
    assert (answer is None) == taken, answer


def test_drain_evicts_what_must_go_and_uncordons(bed: Bed, space: str) -> None:
    bed.apply(
        workload("Deployment", "web", space, "alpha"),
        workload("DaemonSet", "agent", space, "alpha"),
        workload("Deployment", "elsewhere", space, "beta"),
    )
    eventually(lambda: pods_on(bed, "alpha", space) == ["agent", "web"])
    eventually(lambda: pods_on(bed, "beta", space) == ["elsewhere"])
    assert bed.call("alpha", ("drain", "start", ["tx-1"]), drain={"timeoutSeconds": 30}) == [None]
    assert pods_on(bed, "alpha", space) == ["agent"]
    assert pods_on(bed, "beta", space) == ["elsewhere"]
    node = bed.node("alpha")
    assert node["spec"]["unschedulable"] is True
    assert node["metadata"]["annotations"]["labhelm.io/node-prep-cordoned"] == "tx-1"
    assert bed.call("alpha", ("drain", "finish", [])) == [None]
    node = bed.node("alpha")
    assert "unschedulable" not in node["spec"]
    assert "labhelm.io/node-prep-cordoned" not in node["metadata"].get("annotations", {})


def test_budget_is_respected_until_the_time_is_up_and_the_node_is_given_back(bed: Bed, space: str) -> None:
    budget = {"minAvailable": 1, "selector": {"matchLabels": {"app": "precious"}}}
    bed.apply(
        workload("Deployment", "precious", space, "alpha"),
        {
            "apiVersion": "policy/v1",
            "kind": "PodDisruptionBudget",
            "metadata": {"name": "precious", "namespace": space},
            "spec": budget,
        },
    )
    bed.kubectl.wait("deployment", "precious", until="condition=Available", namespace=space)
    allowed = ("get", "pdb", "precious", "-n", space, "-o", "jsonpath={.status.currentHealthy}")
    eventually(lambda: bed.kubectl.run(*allowed).stdout == "1")
    (answer,) = bed.call("alpha", ("drain", "start", ["tx-2"]), drain={"timeoutSeconds": 4})
    assert answer["error"] == "DrainBlocked"
    assert f"not drained within 4 s: {space}/precious" in answer["message"]
    assert "disruption budget" in answer["message"]
    assert pods_on(bed, "alpha", space) == ["precious"]
    assert "unschedulable" not in bed.node("alpha")["spec"]


def test_cordon_of_a_person_stays(bed: Bed) -> None:
    bed.kubectl.run("cordon", "gamma")
    assert bed.call("gamma", ("drain", "start", ["tx"]), ("drain", "finish", [])) == [None, None]
    assert bed.node("gamma")["spec"]["unschedulable"] is True
    bed.kubectl.run("uncordon", "gamma")


def test_pods_nobody_would_start_again_block_the_drain_before_the_cordon(bed: Bed, space: str) -> None:
    container = {"name": "main", "image": "example.org/image:1"}
    spec = {"nodeName": "beta", "containers": [container]}
    metadata = {"name": "bare", "namespace": space}
    bed.apply({"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec})
    (answer,) = bed.call("beta", ("drain", "start", ["tx"]), drain={"timeoutSeconds": 2})
    assert answer["error"] == "DrainBlocked"
    assert f"{space}/bare has no controller" in answer["message"]
    assert "unschedulable" not in bed.node("beta")["spec"]
    local = {"volumes": [{"name": "scratch", "emptyDir": {}}]}
    bed.kubectl.run("delete", "pod", "bare", "-n", space, "--force", "--grace-period=0")
    bed.apply(workload("Deployment", "local", space, "beta", **local))
    eventually(lambda: pods_on(bed, "beta", space) == ["local"])
    keep = {"timeoutSeconds": 2, "deleteEmptyDirData": False}
    (answer,) = bed.call("beta", ("drain", "start", ["tx"]), drain=keep)
    assert "has an emptyDir" in answer["message"]


def test_condition_annotation_and_event_tell_once(bed: Bed) -> None:
    annotations = {"labhelm.io/node-prep-plan": "0123456789abcdef"}
    failed = ("cluster", "publish", [False, "Unhealthy", "containerd is not healthy", {}])
    fine = ("cluster", "publish", [True, "Prepared", "the node is as wanted", annotations])
    bed.call("beta", failed, fine)
    node = bed.node("beta")
    (condition,) = [item for item in node["status"]["conditions"] if item["type"] == "NodePrepared"]
    assert (condition["status"], condition["reason"]) == ("True", "Prepared")
    assert any(item["type"] == "Ready" for item in node["status"]["conditions"]), "others stay"
    assert node["metadata"]["annotations"]["labhelm.io/node-prep-plan"] == "0123456789abcdef"
    bed.call("beta", fine, fine)
    ours = [
        item["reason"]
        for item in bed.kubectl.get_all("events", namespace="default")
        if item.get("source", {}).get("component") == "labhelm-node-prep"
    ]
    assert sorted(ours) == ["Prepared", "Unhealthy"], "what is so already is not told again"


def test_labels_and_taints_of_others_stay(bed: Bed) -> None:
    no_cordon = ("get", "node", "beta", "-o", "jsonpath={.spec.taints}")
    eventually(lambda: bed.kubectl.run(*no_cordon).stdout == "")
    bed.kubectl.run("taint", "node", "beta", "maintenance=now:NoSchedule")
    ours = {"key": "gpu", "value": "yes", "effect": "NoSchedule"}
    theirs = {"key": "maintenance", "value": "now", "effect": "NoSchedule"}
    bed.call("beta", META, ("cluster", "set_metadata", [{"team": "vision"}, [theirs, ours]]))
    labels, taints = bed.call("beta", META)[0]
    assert labels["team"] == "vision"
    assert "kubernetes.io/hostname" in labels
    assert sorted(taint["key"] for taint in taints) == ["gpu", "maintenance"]
    bed.call("beta", META, ("cluster", "set_metadata", [{"team": None}, []]))
    labels, taints = bed.call("beta", META)[0]
    assert "team" not in labels
    assert taints == []


def test_change_of_the_node_in_between_is_not_overwritten(bed: Bed) -> None:
    stale = ("cluster", "set_metadata", [{}, [{"key": "gpu", "value": "yes", "effect": "NoSchedule"}]])
    (_, answer, again) = bed.call("beta", META, ("cluster", "set_metadata", [{"seen": "now"}, None]), stale)
    assert answer is None
    assert "409" in again["message"]
    bed.call("beta", ("cluster", "set_metadata", [{"seen": None}, None]))


def test_ready_node_is_ready_and_an_absent_server_is_named(bed: Bed) -> None:
    assert bed.call("alpha", ("cluster", "wait_ready", [5])) == [""]
    bed.url, url = "https://127.0.0.1:1", bed.url
    try:
        (answer,) = bed.call("alpha", ("cluster", "metadata", []))
    finally:
        bed.url = url
    assert answer["error"] == "ApiUnavailable"
    assert "refused" in answer["message"]


def test_rights_end_where_they_should(bed: Bed) -> None:
    token, bed.token = bed.token, "nobody"
    try:
        (answer,) = bed.call("alpha", ACQUIRE)
    finally:
        bed.token = token
    assert "401" in answer["message"]
