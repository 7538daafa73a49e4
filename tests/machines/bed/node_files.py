"""The files that make a bare machine ready for kubeadm."""

from __future__ import annotations

import json
from collections.abc import Mapping

from tests.machines.bed.software import DEBIAN

Files = dict[str, tuple[str, int]]

# As in the Debian package of the kubelet.
KUBELET_UNIT = """\
[Unit]
Description=kubelet: The Kubernetes Node Agent
Wants=network-online.target
After=network-online.target

[Service]
ExecStart=/usr/bin/kubelet
Restart=always
StartLimitInterval=0
RestartSec=1

[Install]
WantedBy=multi-user.target
"""

# As in the Debian package of kubeadm.
KUBEADM_DROP_IN = r"""[Service]
Environment="KUBELET_KUBECONFIG_ARGS=--bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf \
--kubeconfig=/etc/kubernetes/kubelet.conf"
Environment="KUBELET_CONFIG_ARGS=--config=/var/lib/kubelet/config.yaml"
EnvironmentFile=-/var/lib/kubelet/kubeadm-flags.env
EnvironmentFile=-/etc/default/kubelet
ExecStart=
ExecStart=/usr/bin/kubelet $KUBELET_KUBECONFIG_ARGS $KUBELET_CONFIG_ARGS $KUBELET_KUBEADM_ARGS \
$KUBELET_EXTRA_ARGS
"""

# restrict_oom_score_adj: without CAP_SYS_RESOURCE runc cannot make a process safer than its parent.
CONTAINERD_2 = """\
version = 3
[plugins.'io.containerd.cri.v1.images'.pinned_images]
sandbox = '{pause}'
[plugins.'io.containerd.cri.v1.runtime']
restrict_oom_score_adj = true
disable_apparmor = true
[plugins.'io.containerd.cri.v1.runtime'.cni]
bin_dirs = ['/usr/lib/cni']
[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc]
runtime_type = 'io.containerd.runc.v2'
[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc.options]
SystemdCgroup = true
"""

CONTAINERD_1 = """\
version = 2
[plugins."io.containerd.grpc.v1.cri"]
sandbox_image = "{pause}"
restrict_oom_score_adj = true
disable_apparmor = true
[plugins."io.containerd.grpc.v1.cri".cni]
bin_dir = "/usr/lib/cni"
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
SystemdCgroup = true
"""

ROUTES_UNIT = """\
[Unit]
Description=Routes to the pods of the other machines
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/sh -e /etc/bed/routes
[Install]
WantedBy=multi-user.target
"""


def before_kubeadm(*, containerd: str, pause: str, hosts: Mapping[str, str]) -> Files:
    """Everything up to `kubeadm init` or `join`; `hosts` are addresses by name."""
    names = [f"{address} {name}" for name, address in hosts.items()]
    config = CONTAINERD_1 if containerd == DEBIAN else CONTAINERD_2
    return {
        "/etc/hosts": ("\n".join(["127.0.0.1 localhost", *names]) + "\n", 0o644),
        "/etc/sysctl.d/90-kubernetes.conf": ("net.ipv4.ip_forward = 1\n", 0o644),
        "/etc/containerd/config.toml": (config.format(pause=pause), 0o644),
        "/etc/systemd/system/kubelet.service": (KUBELET_UNIT, 0o644),
        "/etc/systemd/system/kubelet.service.d/10-kubeadm.conf": (KUBEADM_DROP_IN, 0o644),
    }


def pod_network(*, own: str, others: Mapping[str, str]) -> Files:
    """A bridge for the machine's own range of pods, and routes to the ranges of `others` (range -> address).

    The routes are a unit, because they must be there again after a reboot.
    """
    routes = "".join(f"ip route replace {subnet} via {address}\n" for subnet, address in others.items())
    return {
        "/etc/cni/net.d/10-bed.conflist": (json.dumps(_conflist(own), indent=1) + "\n", 0o644),
        "/etc/bed/routes": (routes, 0o644),
        "/etc/systemd/system/bed-routes.service": (ROUTES_UNIT, 0o644),
    }


def _conflist(subnet: str) -> dict[str, object]:
    ipam = {"type": "host-local", "ranges": [[{"subnet": subnet}]], "routes": [{"dst": "0.0.0.0/0"}]}
    bridge = {"type": "bridge", "bridge": "cni0", "isGateway": True, "hairpinMode": True, "ipam": ipam}
    ports = {"type": "portmap", "capabilities": {"portMappings": True}}
    return {"cniVersion": "1.0.0", "name": "bed", "plugins": [bridge, ports]}
