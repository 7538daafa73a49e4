"""Two real machines as one cluster: what every later test on machines takes for granted."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

import pytest

from generator.errors import CommandError
from tests.machines.bed import Bed, Cluster, traces
from tests.machines.bed.python_image import PYTHON, python
from tests.machines.bed.software import CURRENT, OLD, Software

PYTHON_SERVER = (
    "import http.server, os, socket\n"
    "print('serving on', socket.gethostname(), flush=True)\n"
    "open('index.html', 'w').write('hello from ' + os.environ['NODE'])\n"
    "http.server.test(http.server.SimpleHTTPRequestHandler, port=8080)\n"
)
NODE_NAME = {"name": "NODE", "valueFrom": {"fieldRef": {"fieldPath": "spec.nodeName"}}}


def pod(name: str, command: list[str], **spec: object) -> dict[str, object]:
    """A pod of the test image; `spec` is added to the pod's, `container` in it to its container's."""
    extra = spec.pop("container", {})
    assert isinstance(extra, Mapping)
    container = {
        "name": "main",
        "image": PYTHON,
        "imagePullPolicy": "Never",
        "command": command,
        "env": [NODE_NAME],
        **extra,
    }
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "labels": {"app": name}},
        "spec": {"containers": [container], "terminationGracePeriodSeconds": 0, **spec},
    }


def service(name: str) -> dict[str, object]:
    """A service before the pods labelled `app: name`."""
    ports = [{"port": 80, "targetPort": 8080}]
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": name},
        "spec": {"selector": {"app": name}, "ports": ports},
    }


@pytest.fixture(scope="module", params=[CURRENT, OLD], ids=str)
def cluster(request: pytest.FixtureRequest) -> Iterator[Cluster]:
    """A Ready cluster with a web server on each machine."""
    software: Software = request.param
    with Bed() as bed:
        cluster = Cluster(bed, software)
        cluster.up()
        print(f"\n{cluster.report()}")
        cluster.load(python(bed.runner))
        for node in cluster.nodes:
            cluster.apply(
                pod(f"web-{node}", ["python3", "-c", PYTHON_SERVER], nodeName=node), service(f"web-{node}")
            )
        cluster.wait_for("condition=Ready", *(f"pod/web-{node}" for node in cluster.nodes))
        yield cluster


def test_every_node_is_ready_in_the_versions_under_test(cluster: Cluster) -> None:
    nodes = cluster.get("nodes")["items"]
    assert isinstance(nodes, list)
    assert [node["metadata"]["name"] for node in nodes] == list(cluster.nodes)
    for node in nodes:
        info = node["status"]["nodeInfo"]
        assert info["kubeletVersion"] == f"v{cluster.software.kubernetes}"
        assert info["containerRuntimeVersion"].startswith(f"containerd://{cluster.software.containerd}.")


def test_pods_reach_each_other_across_machines(cluster: Cluster) -> None:
    first, second = cluster.nodes
    for here, there in ((first, second), (second, first)):
        address = cluster.kubectl("get", "pod", f"web-{there}", "-o", "jsonpath={.status.podIP}").stdout
        inside = ("exec", f"web-{here}", "--")
        cluster.kubectl(*inside, "ping", "-c1", "-W2", address)
        page = cluster.kubectl(*inside, "curl", "-sS", "-m5", f"http://{address}:8080/index.html")
        assert page.stdout == f"hello from {there}"


def test_services_are_found_by_name_from_both_machines(cluster: Cluster) -> None:
    cluster.wait_for("condition=Available", "deployment/coredns", "--namespace=kube-system")
    for here in cluster.nodes:
        for there in cluster.nodes:
            url = f"http://web-{there}.default.svc.cluster.local/index.html"
            page = cluster.kubectl("exec", f"web-{here}", "--", "curl", "-sS", "-m10", url)
            assert page.stdout == f"hello from {there}"


def test_a_machine_reaches_a_service_of_the_cluster(cluster: Cluster) -> None:
    address = cluster.kubectl("get", "service", "web-kitt", "-o", "jsonpath={.spec.clusterIP}").stdout
    for machine in cluster.bed.machines.values():
        assert machine.run(f"curl -sS -m5 http://{address}/index.html").stdout == "hello from kitt"


def test_logs_and_exec(cluster: Cluster) -> None:
    for node in cluster.nodes:
        assert f"serving on web-{node}" in cluster.kubectl("logs", f"web-{node}").stdout
        inside = cluster.kubectl("exec", "-i", f"web-{node}", "--", "python3", "-", stdin="print(6 * 7)")
        assert inside.stdout == "42\n"
    with pytest.raises(CommandError, match="exit code 3"):
        cluster.kubectl("exec", "web-kitt", "--", "sh", "-c", "exit 3")


def test_simulated_gpus_are_accounted_for(cluster: Cluster) -> None:
    patch = json.dumps({"status": {"capacity": {"nvidia.com/gpu": "4"}}})
    cluster.kubectl("patch", "node", "kitt", "--subresource=status", "--type=merge", f"--patch={patch}")
    cluster.wait_for("jsonpath={.status.allocatable.nvidia\\.com/gpu}=4", "node/kitt")
    for name, gpus in (("fits", "3"), ("too-much", "5")):
        limits = {"resources": {"limits": {"nvidia.com/gpu": gpus}}}
        cluster.apply(pod(name, ["sleep", "1000"], container=limits))
    cluster.wait_for("condition=Ready", "pod/fits")
    cluster.wait_for(
        "jsonpath={.status.conditions[?(@.type=='PodScheduled')].reason}=Unschedulable", "pod/too-much"
    )
    described = cluster.kubectl("describe", "node", "kitt").stdout
    assert [line.split() for line in described.splitlines() if "nvidia.com/gpu" in line][-1][1:] == ["3", "3"]
    message = "jsonpath={.status.phase}: {.status.conditions[0].message}"
    asked = cluster.kubectl("get", "pod", "too-much", "-o", message).stdout
    assert asked.startswith("Pending: 0/2 nodes are available")
    assert "Insufficient nvidia.com/gpu" in asked


def test_a_privileged_pod_enters_its_machine(cluster: Cluster) -> None:
    machine = cluster.bed.machines["kitt"]
    enter = ["nsenter", "--target=1", "--mount", "--uts", "--ipc", "--net", "--"]
    script = "hostname; systemctl is-active kubelet; echo was here > /etc/visited"
    privileged = {
        "container": {"securityContext": {"privileged": True}},
        "hostPID": True,
        "restartPolicy": "Never",
    }
    cluster.apply(pod("agent", [*enter, "sh", "-c", script], nodeName="kitt", **privileged))
    cluster.wait_for("jsonpath={.status.phase}=Succeeded", "pod/agent")
    assert cluster.kubectl("logs", "agent").stdout == "kitt\nactive\n"
    assert machine.pull("/etc/visited") == b"was here\n"


def test_memory_limits_are_enforced_by_the_kernel(cluster: Cluster) -> None:
    limits = {"resources": {"limits": {"memory": "64Mi"}}}
    greedy = ["python3", "-c", "x = bytearray(512 << 20)"]
    cluster.apply(
        pod("greedy", greedy, container=limits, restartPolicy="Never"),
        pod("unlimited", greedy, restartPolicy="Never"),
    )
    cluster.wait_for("jsonpath={.status.phase}=Failed", "pod/greedy")
    cluster.wait_for("jsonpath={.status.phase}=Succeeded", "pod/unlimited")
    # Killed. The reason beside it is OOMKilled or Error: with cgroup v1 the kernel may report the pod's
    # group instead of the container's.
    code = "jsonpath={.status.containerStatuses[0].state.terminated.exitCode}"
    assert cluster.kubectl("get", "pod", "greedy", "-o", code).stdout == "137"


def test_a_worker_comes_back_after_a_power_cut(cluster: Cluster) -> None:
    """The last on this cluster: the pods of the worker start anew."""
    worker = cluster.workers[0]
    worker.power_off_hard()
    worker.boot_again()
    worker.run("systemctl is-active kubelet containerd")
    booted = worker.pull("/proc/sys/kernel/random/boot_id").decode().strip()
    cluster.wait_for(f"jsonpath={{.status.nodeInfo.bootID}}={booted}", f"node/{worker.name}")
    # Until the kubelet is back, the API server still holds what it said before the cut.
    cluster.wait_for("jsonpath={.status.containerStatuses[0].restartCount}=1", f"pod/web-{worker.name}")
    cluster.wait_for("condition=Ready", f"node/{worker.name}", f"pod/web-{worker.name}")
    address = cluster.kubectl("get", "pod", f"web-{worker.name}", "-o", "jsonpath={.status.podIP}").stdout
    page = cluster.control_plane.run(
        f"curl -sS -m5 --retry 5 --retry-all-errors http://{address}:8080/index.html"
    )
    assert page.stdout == f"hello from {worker.name}"


def test_a_cluster_leaves_no_trace() -> None:
    """Containers, overlays, bridges and the kubelet's cgroups go with their machines."""
    before = traces.take()
    with Bed() as bed:
        cluster = Cluster(bed, nodes={"bonnie": "172.31.77.11"})
        cluster.up()
        assert "cgroups" in traces.take().new_since(before)
    assert traces.take().new_since(before) == {}
