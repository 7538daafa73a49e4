"""The chart `node-prep` on two real machines of a real cluster: plan, apply, uninstall, undo."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.machines.bed import Bed, Cluster
from tests.machines.bed.python_image import PYTHON, python
from tests.machines.node_prep import (
    NAMESPACE,
    OPT_IN,
    Release,
    condition,
    difference,
    files,
    get,
    holders,
    machine_files,
    wait_for_reason,
    wait_until_prepared,
)

FSTAB = "# a comment about swap\n/dev/sdz1 / ext4 defaults 0 1\n/swapfile none swap sw 0 0\n"
REPOSITORY, TAG = PYTHON.split(":")
VALUES: dict[str, Any] = {
    "image": {"repository": REPOSITORY, "tag": TAG, "pullPolicy": "Never"},
    "intervalSeconds": 10,
    "jitterSeconds": 0,
    "retrySeconds": 2,
    "drain": {"timeoutSeconds": 90},
    "settings": {
        "kubernetesVersion": "1.36",
        "swap": "off",
        "sysctls": {"vm.max_map_count": "262144"},
        "inotify": {"maxUserWatches": 1048576},
        "containerd": {"manage": True},
        "kubelet": {"config": {"maxPods": 123}},
    },
    "groups": {"gpu": {"nodes": ["kitt"], "settings": {"kubelet": {"config": {"maxPods": 77}}}}},
    "nodes": {"kitt": {"labels": {"example.org/rack": "a1"}}},
}
PODS = {"bonnie": 123, "kitt": 77}
_MEMORY = """
import time
from pathlib import Path
def words(path):
    try: return path.read_bytes().split(b"\\0")
    except OSError: return []
def resting():
    return [p for p in Path("/proc").glob("[0-9]*") if b"/run/node-prep/now/loop.sh" in words(p / "cmdline")]
while not (found := resting()): time.sleep(0.1)
process = found[0]
line = next(l for l in (process / "cgroup").read_text().splitlines() if ":memory:" in l)
group = Path("/sys/fs/cgroup/memory") / line.split(":", 2)[2].lstrip("/")
pids = (group / "cgroup.procs").read_text().split()
lines = [l.split() for p in pids for l in Path(f"/proc/{p}/smaps_rollup").read_text().splitlines()[1:]]
size = lambda key: sum(int(words[1]) * 1024 for words in lines if words[0] == key)
names = [Path(f"/proc/{p}/comm").read_text().strip() for p in pids]
stat = dict(l.split() for l in (group / "memory.stat").read_text().splitlines())
import json; print(json.dumps({"names": names, "pss": size("Pss:"), "alone": size("Rss:"),
                  "own": int(stat["rss"]), "mapped": int(stat["mapped_file"]), "cache": int(stat["cache"])}))
"""


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with Bed() as bed:
        cluster = Cluster(bed)
        cluster.up()
        print(f"\n{cluster.report()}")
        cluster.load(python(bed.runner))
        for machine in bed.machines.values():
            machine.push("/etc/fstab", FSTAB)
        yield cluster


@pytest.fixture(scope="module")
def release(cluster: Cluster) -> Release:
    return Release(cluster, VALUES)


@pytest.fixture(scope="module")
def bare(cluster: Cluster) -> dict[str, str]:
    """The machines' files before the chart came."""
    return files(cluster)


def test_plan_reports_the_drift_and_changes_nothing(
    cluster: Cluster, release: Release, bare: dict[str, str]
) -> None:
    release.upgrade()
    (stored,) = get(cluster, "secrets", "--selector=owner=helm")["items"]
    # The API server takes 1 MiB.
    print(f"\nthe release takes {len(json.dumps(stored)) // 1024} KiB")
    assert len(json.dumps(stored)) < 400_000
    for node in cluster.nodes:
        found = condition(cluster, node)
        assert (found["status"], found["reason"]) == ("False", "Drift")
        for step in ("swap", "sysctl", "inotify", "containerd", "kubelet"):
            assert step in found["message"]
        log = cluster.kubectl("logs", "-n", NAMESPACE, release.pod(node)).stdout
        assert f'+  "maxPods": {PODS[node]}' in log
    assert difference(bare, files(cluster)) == []
    assert all("unschedulable" not in node["spec"] for node in get(cluster, "nodes")["items"])


def test_agents_in_plan_mode_cannot_write_to_their_machine(cluster: Cluster, release: Release) -> None:
    for node in cluster.nodes:
        refused = release.inside(node, "touch", "/host/etc/written", check=False)
        assert "Read-only file system" in refused.stderr


def test_helm_test_reads_the_conditions(release: Release) -> None:
    assert "Succeeded" in release.run("test", "node-prep").stdout


def test_apply_only_looks_at_nodes_without_the_label(
    cluster: Cluster, release: Release, bare: dict[str, str]
) -> None:
    release.upgrade("--set=mode=apply")
    assert {condition(cluster, node)["reason"] for node in cluster.nodes} == {"Drift"}
    assert difference(bare, files(cluster)) == []


def test_apply_prepares_one_node_after_the_other(cluster: Cluster, release: Release) -> None:
    cluster.apply(*busy())
    cluster.wait_for("condition=Available", "deployment/busy")
    with Watch(cluster) as watch:
        cluster.kubectl("label", "node", "--all", OPT_IN)
        started = time.monotonic()
        wait_until_prepared(cluster)
        print(f"\nboth nodes prepared after {time.monotonic() - started:.0f} s")
    assert max(map(len, watch.cordoned)) == 1
    assert {name for names in watch.cordoned for name in names} == set(cluster.nodes)
    assert min(watch.available) >= 1
    for name, machine in cluster.bed.machines.items():
        assert b"\n# off for Kubernetes (Labhelm): /swapfile" in machine.pull("/etc/fstab")
        assert machine.pull("/proc/sys/vm/max_map_count") == b"262144\n"
        assert "enable_cdi = true" in machine.run("containerd config dump").stdout
        node = get(cluster, "node", name)
        assert node["status"]["capacity"]["pods"] == str(PODS[name])
        assert "unschedulable" not in node["spec"]
    assert get(cluster, "node", "kitt")["metadata"]["labels"]["example.org/rack"] == "a1"
    assert holders(cluster) == [""]
    assert "Succeeded" in release.run("test", "node-prep").stdout


def test_a_further_run_writes_nothing_and_takes_little(cluster: Cluster, release: Release) -> None:
    for node in cluster.nodes:
        release.next_run(node)
    before = files(cluster)
    versions = {node: get(cluster, "node", node)["metadata"]["annotations"] for node in cluster.nodes}
    for node in cluster.nodes:
        found = release.next_run(node)
        print(f"\n{node}: converged run took {found['labhelm_node_prep_last_run_cpu_seconds']} s of CPU")
        assert found["labhelm_node_prep_converged"] == 1
        assert found["labhelm_node_prep_last_run_cpu_seconds"] < 1
    assert difference(before, files(cluster)) == []
    assert versions == {node: get(cluster, "node", node)["metadata"]["annotations"] for node in cluster.nodes}


def test_between_runs_one_shell_is_in_memory(cluster: Cluster, release: Release) -> None:
    for name, machine in cluster.bed.machines.items():
        release.next_run(name)
        found = json.loads(machine.run(["python3", "-c", _MEMORY]).stdout)
        sizes = ", ".join(f"{key} {found[key] / 1024:.0f} KiB" for key in found if key != "names")
        print(f"\n{name}: {found['names']}, {sizes}")
        assert found["names"] == ["sh"]
        assert found["own"] < 2**19
        # Even if libc, which is most of it, were shared with no other pod.
        assert found["alone"] < 2 * 2**20


def test_an_agent_writes_only_its_own_node(release: Release) -> None:
    script = (
        "import sys; sys.path.insert(0, '/run/node-prep/now')\n"
        "from agent.kube.client import in_cluster\n"
        "labels = {'example.org/by': 'kitt'}\n"
        "in_cluster().patch('/api/v1/nodes/' + sys.argv[1], {'metadata': {'labels': labels}})"
    )
    release.inside("kitt", "python3", "-c", script, "kitt")
    refused = release.inside("kitt", "python3", "-c", script, "bonnie", check=False)
    assert "writes only the node it runs on" in refused.stderr


def test_a_change_that_fails_is_taken_back_and_keeps_its_turn(cluster: Cluster, release: Release) -> None:
    before = files(cluster)["kitt"]
    own = "groups.gpu.settings"
    release.upgrade("--set=mode=apply", f"--set={own}.kubelet.config.maxPods=-1,{own}.healthSeconds=10")
    wait_for_reason(cluster, "kitt", "FailedBefore")
    cluster.wait_for("condition=Ready", "node/kitt")
    node = get(cluster, "node", "kitt")
    assert node["status"]["capacity"]["pods"] == str(PODS["kitt"])
    assert "unschedulable" not in node["spec"]
    after = {"kitt": machine_files(cluster.bed.machines["kitt"])}
    left = difference({"kitt": before}, after, times=False)
    assert [line for line in left if "/var/lib/labhelm/node-prep/last.json" not in line] == []
    assert holders(cluster) == ["kitt"]
    release.upgrade("--set=mode=apply", "--set-string=settings.sysctls.vm\\.max_map_count=262145")
    wait_until_prepared(cluster)
    assert holders(cluster) == [""]
    release.upgrade("--set=mode=apply")
    wait_for_reason(cluster, "bonnie", "Prepared")


def test_uninstall_leaves_the_machines_as_they_are(cluster: Cluster, release: Release) -> None:
    before = files(cluster)
    release.run("uninstall", "node-prep", "--wait", "--timeout=120s")
    cluster.wait_for("delete", f"namespace/{NAMESPACE}")
    assert difference(before, files(cluster)) == []


def test_undo_on_uninstall_brings_everything_back(
    cluster: Cluster, release: Release, bare: dict[str, str]
) -> None:
    release.upgrade("--set=mode=apply", "--set=undoOnUninstall=true")
    wait_until_prepared(cluster)
    with Watch(cluster) as watch:
        release.run("uninstall", "node-prep", "--wait", "--timeout=300s")
    assert max(map(len, watch.cordoned)) == 1
    # Restored files are new files: their contents, modes and owners are the old ones.
    assert difference(bare, files(cluster), times=False) == []
    for name in cluster.nodes:
        cluster.wait_for("jsonpath={.status.capacity.pods}=110", f"node/{name}")
        found = condition(cluster, name)
        assert (found["reason"], found["message"]) == ("Undone", "everything is as before")


class Watch:
    """Looks all the time which nodes are cordoned and how many pods of the busy service are there."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self.cordoned: list[list[str]] = []
        self.available: list[int] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(0.3):
            nodes: Any = json.loads(self._ask("get", "nodes", "-o", "json") or '{"items": []}')["items"]
            self.cordoned.append([n["metadata"]["name"] for n in nodes if n["spec"].get("unschedulable")])
            ready = self._ask("get", "deployment/busy", "-o", "jsonpath={.status.availableReplicas}")
            if ready.isdigit():
                self.available.append(int(ready))

    def _ask(self, *words: str) -> str:
        # The control plane is one of the machines that change.
        done = self._cluster.kubectl(*words, check=False)
        return "" if done.code else done.stdout


def busy() -> list[dict[str, object]]:
    """A service of two pods, one of which must be there."""
    labels = {"app": "busy"}
    spread = {
        "maxSkew": 1, "topologyKey": "kubernetes.io/hostname", "whenUnsatisfiable": "ScheduleAnyway",
        "labelSelector": {"matchLabels": labels},
    }  # fmt: skip
    command = ["python3", "-m", "http.server", "8080"]
    container = {
        "name": "main", "image": PYTHON, "imagePullPolicy": "Never", "command": command,
        "readinessProbe": {"httpGet": {"path": "/", "port": 8080}, "periodSeconds": 1},
    }  # fmt: skip
    pod = {
        "containers": [container], "terminationGracePeriodSeconds": 0, "topologySpreadConstraints": [spread],
    }  # fmt: skip
    template = {"metadata": {"labels": labels}, "spec": pod}
    deployment = {"replicas": 2, "selector": {"matchLabels": labels}, "template": template}
    budget = {"minAvailable": 1, "selector": {"matchLabels": labels}}
    return [
        {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "busy"}, "spec": deployment},
        {
            "apiVersion": "policy/v1",
            "kind": "PodDisruptionBudget",
            "metadata": {"name": "busy"},
            "spec": budget,
        },
    ]
