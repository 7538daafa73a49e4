"""The local cluster itself: a real control plane, simulated nodes, nothing left behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.cluster.helm import Helm
from generator.cluster.kubectl import Kubectl
from generator.cluster.local import LocalCluster, SimNode
from generator.cluster.local.processes import Process, spawn
from generator.cluster.local.state import load
from generator.errors import CommandError, UserError
from generator.toolchain.table import OLDEST

CONTAINER = {"name": "main", "image": "example.org/image:1"}


def pod(name: str, container: dict[str, object] | None = None, **spec: object) -> str:
    body = {"containers": [{**CONTAINER, **(container or {})}], **spec}
    return json.dumps({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": body})


def workload(kind: str, api: str, name: str, template: dict[str, object], **spec: object) -> str:
    labels = {"app": name}
    template = {"metadata": {"labels": labels}, "spec": {"containers": [CONTAINER], **template}}
    selector = {} if kind == "Job" else {"selector": {"matchLabels": labels}}
    body = {"template": template, **selector, **spec}
    return json.dumps({"apiVersion": api, "kind": kind, "metadata": {"name": name}, "spec": body})


def claim(name: str, **spec: object) -> str:
    body = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}, **spec}
    return json.dumps(
        {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": name}, "spec": body}
    )


def eventually(check: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < deadline, "did not come true in time"
        time.sleep(0.2)


def test_nodes_are_ready_with_what_they_have(cluster: LocalCluster, kubectl: Kubectl) -> None:
    assert cluster.status().phase == "running"
    assert kubectl.server_version() == f"v{cluster.status().version}"
    kubectl.wait("node", until="condition=Ready", timeout=10)
    assert kubectl.get("node", "gpu")["status"]["allocatable"]["nvidia.com/gpu"] == "4"
    assert kubectl.get("node", "control")["spec"]["taints"][0]["effect"] == "NoSchedule"


def test_deployment_runs(kubectl: Kubectl, namespace: str) -> None:
    kubectl.apply(workload("Deployment", "apps/v1", "web", {}, replicas=3), namespace=namespace)
    kubectl.wait("deployment", "web", until="condition=Available", namespace=namespace)
    pods = kubectl.get_all("pods", namespace=namespace, selector="app=web")
    assert {one["status"]["phase"] for one in pods} == {"Running"}
    assert {one["spec"]["nodeName"] for one in pods} <= {"big", "gpu"}
    assert len({one["status"]["podIP"] for one in pods}) == 3


def test_job_completes(kubectl: Kubectl, namespace: str) -> None:
    kubectl.apply(workload("Job", "batch/v1", "work", {"restartPolicy": "OnFailure"}), namespace=namespace)
    kubectl.wait("job", "work", until="condition=Complete", namespace=namespace)


def test_job_can_be_made_to_fail(kubectl: Kubectl, namespace: str) -> None:
    job = json.loads(workload("Job", "batch/v1", "work", {"restartPolicy": "Never"}, backoffLimit=0))
    job["spec"]["template"]["metadata"]["annotations"] = {"simulate.labhelm.dev/exit-code": "1"}
    kubectl.apply(json.dumps(job), namespace=namespace)
    kubectl.wait("job", "work", until="condition=Failed", namespace=namespace)


def test_static_volume_binds_to_its_claim(kubectl: Kubectl, namespace: str) -> None:
    spec = {
        "capacity": {"storage": "1Gi"},
        "accessModes": ["ReadWriteOnce"],
        "storageClassName": "",
        "persistentVolumeReclaimPolicy": "Retain",
        "claimRef": {"namespace": namespace, "name": "data"},
        "nfs": {"server": "192.168.11.10", "path": "/data"},
    }
    volume = {"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": namespace}, "spec": spec}
    kubectl.apply(json.dumps(volume))
    kubectl.apply(claim("data", storageClassName="", volumeName=namespace), namespace=namespace)
    kubectl.wait("pvc", "data", until="jsonpath={.status.phase}=Bound", namespace=namespace)
    kubectl.delete("pvc", "data", namespace=namespace)
    eventually(lambda: kubectl.get("pv", namespace)["status"]["phase"] == "Released")
    kubectl.delete("pv", namespace)


@pytest.mark.parametrize("mode", ["Immediate", "WaitForFirstConsumer"])
def test_dynamic_volume_comes_and_goes(kubectl: Kubectl, namespace: str, mode: str) -> None:
    storage_class = f"{namespace}-{mode.lower()}"
    manifest = {"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "provisioner": "nfs.csi.k8s.io"}
    kubectl.apply(json.dumps({**manifest, "metadata": {"name": storage_class}, "volumeBindingMode": mode}))
    kubectl.apply(claim("data", storageClassName=storage_class), namespace=namespace)
    volumes = [{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}]
    kubectl.apply(pod("user", volumes=volumes), namespace=namespace)
    kubectl.wait("pod", "user", until="condition=Ready", namespace=namespace)
    name = kubectl.get("pvc", "data", namespace=namespace)["spec"]["volumeName"]
    kubectl.delete("pod", "user", namespace=namespace)
    kubectl.delete("pvc", "data", namespace=namespace)
    eventually(lambda: kubectl.find("pv", name) is None)
    kubectl.delete("storageclass", storage_class)


def test_too_many_gpus_stay_pending_and_say_why(kubectl: Kubectl, namespace: str) -> None:
    kubectl.apply(pod("greedy", {"resources": {"limits": {"nvidia.com/gpu": 5}}}), namespace=namespace)

    def told() -> bool:
        events = kubectl.get_all("events", namespace=namespace)
        return any("Insufficient nvidia.com/gpu" in event["message"] for event in events)

    eventually(told)
    assert kubectl.get("pod", "greedy", namespace=namespace)["status"]["phase"] == "Pending"


def test_restricted_namespace_refuses_a_privileged_pod(kubectl: Kubectl, namespace: str) -> None:
    kubectl.run("label", "namespace", namespace, "pod-security.kubernetes.io/enforce=restricted")
    with pytest.raises(CommandError, match="violates PodSecurity"):
        kubectl.apply(pod("root", {"securityContext": {"privileged": True}}), namespace=namespace)


def test_rbac_is_enforced(kubectl: Kubectl, namespace: str) -> None:
    account = f"system:serviceaccount:{namespace}:default"
    assert kubectl.can_i("create", "pods", namespace=namespace)
    assert not kubectl.can_i("create", "pods", namespace=namespace, user=account)
    grant = ("--clusterrole=edit", f"--serviceaccount={namespace}:default", "--namespace", namespace)
    kubectl.run("create", "rolebinding", "edit", *grant)
    eventually(lambda: kubectl.can_i("create", "pods", namespace=namespace, user=account))
    assert kubectl.run("create", "token", "default", "--namespace", namespace).stdout.count(".") == 2


def test_helm_installs_tests_and_removes(
    helm: Helm, kubectl: Kubectl, namespace: str, tmp_path: Path
) -> None:
    chart = tmp_path / "chart"
    (chart / "templates").mkdir(parents=True)
    (chart / "Chart.yaml").write_text("apiVersion: v2\nname: tiny\nversion: 0.1.0\n")
    (chart / "templates" / "web.yaml").write_text(workload("Deployment", "apps/v1", "web", {}))
    test = json.loads(pod("check", restartPolicy="Never"))
    test["metadata"]["annotations"] = {"helm.sh/hook": "test"}
    (chart / "templates" / "test.yaml").write_text(json.dumps(test))
    helm.upgrade("tiny", str(chart), namespace=namespace, timeout=60)
    helm.upgrade("tiny", str(chart), namespace=namespace, timeout=60)
    assert "Succeeded" in helm.test("tiny", namespace=namespace, timeout=60)
    helm.rollback("tiny", 1, namespace=namespace, timeout=60)
    release = helm.status("tiny", namespace=namespace)
    assert release is not None
    assert (release.revision, release.status) == (3, "deployed")
    helm.uninstall("tiny", namespace=namespace, timeout=60)
    assert helm.status("tiny", namespace=namespace) is None
    assert kubectl.find("deployment", "web", namespace=namespace) is None


def test_nothing_inside_reaches_the_outside(cluster: LocalCluster, kubectl: Kubectl) -> None:
    holder = cluster.enter()[2]
    assert Path(f"/proc/{holder}/ns/net").readlink() != Path("/proc/self/ns/net").readlink()
    # Only the loopback interface, and no route at all.
    interfaces = Path(f"/proc/{holder}/net/dev").read_text().splitlines()[2:]
    assert [line.split(":")[0].strip() for line in interfaces] == ["lo"]
    assert Path(f"/proc/{holder}/net/route").read_text().splitlines()[1:] == []


def test_second_start_is_refused(cluster: LocalCluster) -> None:
    with pytest.raises(UserError, match="runs already"):
        cluster.start([])
    assert cluster.status().phase == "running"


def test_another_process_can_stop_it_and_nothing_is_left(tmp_path: Path) -> None:
    LocalCluster("gone", state_dir=tmp_path / "state").start([SimNode("one")])
    state = load(tmp_path / "state")
    assert state is not None
    network = Path(f"/proc/{state.processes[0].pid}/ns/net").readlink()
    another = LocalCluster("gone", state_dir=tmp_path / "state")
    another.stop()
    another.stop()
    assert another.status().phase == "stopped"
    assert [process.name for process in state.processes if process.alive] == []
    assert network not in networks()
    assert {path.name for path in (tmp_path / "state").iterdir()} == {"lock", "logs"}
    with pytest.raises(UserError, match="does not run"):
        another.enter()


def networks() -> set[Path]:
    """The network namespaces of all processes we may look at."""
    found = set()
    for process in Path("/proc").glob("[0-9]*/ns/net"):
        try:
            found.add(process.readlink())
        except OSError:
            continue
    return found


def test_a_dead_program_is_told_with_its_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stages = tmp_path / "stages"
    stages.mkdir()
    (stages / "wrong.yaml").write_text("kind: Nothing\n")
    monkeypatch.setattr("generator.cluster.local.components.STAGES", stages)
    local = LocalCluster("broken", state_dir=tmp_path / "state")
    with pytest.raises(CommandError, match="kwok of the local cluster has ended") as raised:
        local.start([SimNode("one")])
    assert "kwok.log" in str(raised.value)
    assert local.status().phase == "stopped"


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_interrupted_start_leaves_nothing_running(tmp_path: Path, how: signal.Signals) -> None:
    folder = tmp_path / "state"
    script = (
        "from pathlib import Path; from generator.cluster.local import LocalCluster, SimNode; "
        f"LocalCluster('half', state_dir=Path({str(folder)!r})).start([SimNode('one')])"
    )
    starter = subprocess.Popen([sys.executable, "-c", script], stderr=subprocess.DEVNULL)
    eventually(lambda: (folder / "state.json").exists() and len(processes(folder)) >= 3)
    started = processes(folder)
    starter.send_signal(how)
    starter.wait(20)
    if how == signal.SIGKILL:  # it could not tidy up, so whoever comes next does
        assert LocalCluster("half", state_dir=folder).status().phase == "running"
        LocalCluster("half", state_dir=folder).stop()
    assert [process.name for process in started if process.alive] == []
    assert not (folder / "state.json").exists()


def test_forgotten_program_is_stopped_too(tmp_path: Path) -> None:
    forgotten = spawn("sleep", ("sleep", "300"), tmp_path / "log", tmp_path)
    assert forgotten.alive
    LocalCluster("forgetful", state_dir=tmp_path).stop()
    assert not forgotten.alive


def processes(folder: Path) -> tuple[Process, ...]:
    state = load(folder)
    return state.processes if state else ()


def test_oldest_supported_kubernetes(tmp_path: Path) -> None:
    local = LocalCluster("oldest", state_dir=tmp_path / "state")
    local.start([SimNode("one")], OLDEST)
    try:
        assert local.kubectl().server_version() == f"v{OLDEST}"
    finally:
        local.stop()


@pytest.mark.skipif(os.geteuid() != 0, reason="the other tests are rootless already")
def test_rootless(tmp_path: Path) -> None:
    local = LocalCluster("rootless", state_dir=tmp_path / "state")
    try:
        local.start([SimNode("one")], rootless=True)
    except CommandError as error:
        if "does not let us" not in error.message:
            raise
        pytest.skip(error.message)
    try:
        assert local.status().rootless
        assert local.kubectl().get("node", "one")["metadata"]["name"] == "one"
    finally:
        local.stop()
