"""The chart `node-prep` on a cluster of the bed: installed by helm, and looked at from outside."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from generator.cluster.runner import Result
from generator.toolchain import SilentProgress, ensure
from tests.machines.bed import Cluster, Machine

CHART = Path(__file__).parents[2] / "charts/node-prep"
NAMESPACE = "labhelm-node-prep"
OPT_IN = "labhelm.io/node-prep=apply"
# What Kubernetes and systemd write at any time, whoever watches.
_VOLATILE = ("/proc", "/sys", "/run", "/tmp", "/dev", "/var/log", "/var/tmp", "/opt/bed")
_LIBRARIES = [f"/var/lib/{name}" for name in ("kubelet", "containerd", "etcd", "cni", "systemd")]
_PRUNED = " -o ".join(f"-path {folder}" for folder in [*_VOLATILE, *_LIBRARIES])
# Not a folder's time: a volatile folder in it may be new.
_FORMAT = "\\( -type d -printf '%p %y %m %U %G - \\n' -o -printf '%p %y %m %U %G %T@ %l\\n' \\)"
_PRINTED = "find / -xdev \\( " + _PRUNED + " \\) -prune -o " + _FORMAT
_HASHED = "find / -xdev \\( " + _PRUNED + " \\) -prune -o -type f -newer /etc/machine-id -exec sha256sum {} +"


class Release:
    """The chart on a cluster, by helm."""

    def __init__(self, cluster: Cluster, values: Mapping[str, Any]) -> None:
        self.cluster = cluster
        self.helm = str(ensure("helm4", runner=cluster.bed.runner, progress=SilentProgress()))
        self.values = cluster.bed.folder / "node-prep.yaml"
        self.values.write_text(yaml.safe_dump(dict(values)))

    def run(self, *words: str, check: bool = True) -> Result:
        argv = [self.helm, f"--kubeconfig={self.cluster.kubeconfig}", *words]
        return self.cluster.bed.run(argv, timeout=400, check=check, env={"NO_PROXY": "*", "no_proxy": "*"})

    def upgrade(self, *options: str) -> None:
        """Install or change it; returns once each pod's first run is over."""
        chart = ["node-prep", str(CHART), f"--values={self.values}", "--wait", "--timeout=300s"]
        self.run("upgrade", "--install", *chart, *options)

    def pod(self, node: str) -> str:
        """Name of the agent's pod on a node."""
        return pod_on(self.cluster, node)

    def inside(self, node: str, *command: str, check: bool = True) -> Result:
        return self.cluster.kubectl("exec", "-n", NAMESPACE, self.pod(node), "--", *command, check=check)

    def metrics(self, node: str) -> dict[str, float]:
        """Metrics of the last run that have no label but the node."""
        text = self.inside(node, "cat", "/run/node-prep/metrics/labhelm-node-prep.prom").stdout
        rows = [line.split("{") for line in text.splitlines() if not line.startswith("#")]
        return {name: float(rest.split()[-1]) for name, rest in rows if "," not in rest.split("}")[0]}

    def next_run(self, node: str) -> dict[str, float]:
        """Wait for one more run and give its metrics."""
        key = "labhelm_node_prep_last_run_timestamp_seconds"
        before = self.metrics(node)[key]
        for _ in range(120):
            time.sleep(1)
            if (now := self.metrics(node))[key] > before:
                return now
        raise AssertionError(f"no further run on {node}")


def pod_on(cluster: Cluster, node: str) -> str:
    """Name of the agent's pod on a node."""
    words = ["pod", "-n", NAMESPACE, f"--field-selector=spec.nodeName={node},status.phase=Running"]
    return str(get(cluster, *words)["items"][0]["metadata"]["name"])


def machine_files(machine: Machine) -> str:
    """Each file with mode, owner, time, link target; contents of those that are no part of the image."""
    return machine.run(f"{_PRINTED} | sort; {_HASHED} | sort", timeout=120).stdout


def files(cluster: Cluster) -> dict[str, str]:
    return {name: machine_files(machine) for name, machine in cluster.bed.machines.items()}


def difference(before: dict[str, str], after: dict[str, str], *, times: bool = True) -> list[str]:
    """Lines that differ; without `times` a file may have been written anew with the same content."""

    def lines(text: str) -> set[str]:
        rows = [line.split(" ") for line in text.splitlines()]
        return {" ".join(row if times or len(row) < 7 else [*row[:5], *row[6:]]) for row in rows}

    return sorted(f"{name}: {line}" for name in before for line in lines(before[name]) ^ lines(after[name]))


def get(cluster: Cluster, *words: str) -> Any:
    """What `kubectl get` says, parsed."""
    return cluster.get(*words)


def condition(cluster: Cluster, node: str) -> dict[str, str]:
    conditions = get(cluster, "node", node)["status"]["conditions"]
    return next((one for one in conditions if one["type"] == "NodePrepared"), {})


def holders(cluster: Cluster) -> list[str]:
    """Who has a turn; "" for a free one."""
    leases = get(cluster, "leases", "-n", NAMESPACE)["items"]
    return [lease["spec"].get("holderIdentity", "") for lease in leases]


def wait_for_reason(cluster: Cluster, node: str, reason: str) -> None:
    path = "{.status.conditions[?(@.type=='NodePrepared')].reason}"
    cluster.wait_for(f"jsonpath={path}={reason}", f"node/{node}", seconds=180)


def wait_until_prepared(cluster: Cluster) -> None:
    nodes = [f"node/{name}" for name in cluster.nodes]
    cluster.wait_for("condition=NodePrepared", *nodes, seconds=300)
