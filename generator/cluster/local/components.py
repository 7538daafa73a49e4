"""The programs that make up the cluster, and how each is started.

They are alone in their network namespace, which is why every port is fixed and etcd speaks plain HTTP.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from generator.cluster.local.credentials import kubeconfig_of
from generator.cluster.local.nodes import POD_ADDRESSES

ETCD = "http://127.0.0.1:2379"
ETCD_PEER = "http://127.0.0.1:2380"
SERVICES = "10.96.0.0/16"
STAGES = Path(__file__).parent / "stages"
# Far above the defaults, which would hold back a simulation of a thousand nodes.
QPS, BURST = 1000, 2000
# A simulated node does not fail by itself and need not say every ten seconds that it lives: it says so
# every quarter of this many seconds. The controllers must be more patient than that.
LEASE_SECONDS = 240


@dataclass(frozen=True)
class Component:
    """One program of the cluster."""

    name: str
    argv: tuple[str, ...]


def etcd(tools: Mapping[str, Path], state: Path) -> Component:
    """The store. It need not survive a power cut, so it does not wait for the disk."""
    flags = {
        "data-dir": state / "etcd",
        "listen-client-urls": ETCD,
        "advertise-client-urls": ETCD,
        "listen-peer-urls": ETCD_PEER,
        "initial-advertise-peer-urls": ETCD_PEER,
        "initial-cluster": f"default={ETCD_PEER}",
        "unsafe-no-fsync": "true",
        "log-level": "warn",
    }
    return Component("etcd", (str(tools["etcd"]), *_flags(flags)))


def api_server(tools: Mapping[str, Path], state: Path) -> Component:
    """The API server, with the admission and authorization of kubeadm's."""
    pki = state / "pki"
    flags = {
        "etcd-servers": ETCD,
        "bind-address": "127.0.0.1",
        "advertise-address": "127.0.0.1",
        "secure-port": "6443",
        # The loopback address may not be the endpoint of a Service.
        "endpoint-reconciler-type": "none",
        "authorization-mode": "Node,RBAC",
        "enable-admission-plugins": "NodeRestriction",
        "allow-privileged": "true",
        "client-ca-file": pki / "ca.crt",
        "tls-cert-file": pki / "apiserver.crt",
        "tls-private-key-file": pki / "apiserver.key",
        "service-account-issuer": "https://kubernetes.default.svc.cluster.local",
        "service-account-key-file": pki / "service-accounts.key",
        "service-account-signing-key-file": pki / "service-accounts.key",
        "service-cluster-ip-range": SERVICES,
    }
    return _control_plane("kube-apiserver", tools, flags)


def controller_manager(tools: Mapping[str, Path], state: Path) -> Component:
    """All of Kubernetes' own controllers."""
    pki = state / "pki"
    flags = {
        "kubeconfig": kubeconfig_of(pki, "controller-manager"),
        "bind-address": "127.0.0.1",
        "leader-elect": "false",
        "use-service-account-credentials": "true",
        "service-account-private-key-file": pki / "service-accounts.key",
        "root-ca-file": pki / "ca.crt",
        "cluster-signing-cert-file": pki / "ca.crt",
        "cluster-signing-key-file": pki / "ca.key",
        "service-cluster-ip-range": SERVICES,
        "node-monitor-grace-period": f"{LEASE_SECONDS + 60}s",
        # A claim and its volume that miss each other meet at the next round, by default 15 s later.
        "pvclaimbinder-sync-period": "1s",
        "kube-api-qps": QPS,
        "kube-api-burst": BURST,
    }
    return _control_plane("kube-controller-manager", tools, flags)


def scheduler(tools: Mapping[str, Path], state: Path) -> Component:
    """The scheduler with its default plugins."""
    config = {
        "apiVersion": "kubescheduler.config.k8s.io/v1",
        "kind": "KubeSchedulerConfiguration",
        "leaderElection": {"leaderElect": False},
        "clientConnection": {
            "kubeconfig": str(kubeconfig_of(state / "pki", "scheduler")),
            "qps": QPS,
            "burst": BURST,
        },
    }
    path = state / "scheduler.json"
    path.write_text(json.dumps(config))
    return _control_plane("kube-scheduler", tools, {"config": path, "bind-address": "127.0.0.1"})


def kwok(tools: Mapping[str, Path], state: Path) -> Component:
    """The simulated kubelets. It gets no server address: its exec would run commands on this machine."""
    stages = tuple(f"--config={stage}" for stage in sorted(STAGES.glob("*.yaml")))
    flags = {
        "kubeconfig": kubeconfig_of(state / "pki", "kwok"),
        "manage-all-nodes": "true",
        "node-lease-duration-seconds": LEASE_SECONDS,
        "v": "WARN",
        "cidr": str(POD_ADDRESSES),
    }
    return Component("kwok", (str(tools["kwok"]), *_flags(flags), *stages))


def _control_plane(name: str, tools: Mapping[str, Path], flags: Mapping[str, object]) -> Component:
    return Component(name, (str(tools["control-plane"]), name, *_flags(flags)))


def _flags(flags: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(f"--{name}={value}" for name, value in flags.items())
