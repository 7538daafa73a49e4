"""The pod network: flannel, Cilium or Calico, unless the distribution's own is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.base.images import Image
from generator.base.model import Chart, Entry, Namespace, NodesReady, Rollout, Values
from generator.base.waves import POD_NETWORK
from generator.machines.cluster import API_PORT

if TYPE_CHECKING:
    from generator.profile.model import Profile

_FLANNEL = "ghcr.io/flannel-io/flannel"
_PLUGIN = "ghcr.io/flannel-io/flannel-cni-plugin"
_CILIUM = "quay.io/cilium"
_CILIUM_VERSION = "1.20.2"
_CNI_FOLDERS = {
    "k3s": ("/var/lib/rancher/k3s/data/cni", "/var/lib/rancher/k3s/agent/etc/cni/net.d"),
}
"""Where k3s keeps plugins and their configuration; the others have the usual folders."""


def _flannel(profile: Profile) -> Values:
    binaries, configuration = _CNI_FOLDERS.get(
        profile.cluster.distribution, ("/opt/cni/bin", "/etc/cni/net.d")
    )
    return {
        "podCidr": profile.cluster.pod_cidr,
        "flannel": {"cniBinDir": binaries, "cniConfDir": configuration},
    }


def _cilium(profile: Profile) -> Values:
    server = profile.cluster.endpoint or next(
        (node.address for node in profile.nodes if node.role == "control-plane" and node.address), ""
    )
    # kube-proxy stays: the machines' configurations start it.
    return {
        "kubeProxyReplacement": False,
        "ipam": {"mode": "kubernetes"},
        "operator": {"replicas": 1 if len(profile.nodes) == 1 else 2},
        "hubble": {"enabled": False},
        **({"k8sServiceHost": server, "k8sServicePort": API_PORT} if server else {}),
    }


def _calico(profile: Profile) -> Values:
    return {
        "installation": {
            "enabled": True,
            "calicoNetwork": {
                "ipPools": [{"cidr": profile.cluster.pod_cidr, "encapsulation": "VXLANCrossSubnet"}],
            },
        },
        "goldmane": {"enabled": False},
        "whisker": {"enabled": False},
    }


FLANNEL = Entry(
    name="flannel",
    title="flannel",
    source=Chart("https://flannel-io.github.io/flannel", "flannel", "v0.28.9"),
    namespace=Namespace("kube-flannel", "privileged"),
    wave=POD_NETWORK.number,
    licence="Apache-2.0",
    enabled=lambda profile: profile.cluster.cni == "flannel",
    values=_flannel,
    images=(
        Image(f"{_FLANNEL}:v0.28.9", "flannel.image.repository", _FLANNEL),
        Image(f"{_PLUGIN}:v1.9.1-flannel3", "flannel.flannel_cni.image.repository", _PLUGIN),
    ),
    ready=(Rollout(("daemonset/kube-flannel-ds",)), NodesReady()),
    traps=("It enforces no NetworkPolicy: rules of teams stay without effect.",),
)
CILIUM = Entry(
    name="cilium",
    title="Cilium",
    source=Chart("https://helm.cilium.io", "cilium", _CILIUM_VERSION),
    namespace=Namespace("kube-system", "privileged", shared=True),
    wave=POD_NETWORK.number,
    licence="Apache-2.0",
    enabled=lambda profile: profile.cluster.cni == "cilium",
    values=_cilium,
    images=(
        Image(f"{_CILIUM}/cilium:v{_CILIUM_VERSION}", "image.repository", f"{_CILIUM}/cilium"),
        Image(
            f"{_CILIUM}/operator-generic:v{_CILIUM_VERSION}",
            "operator.image.repository",
            f"{_CILIUM}/operator",
        ),
    ),
    ready=(Rollout(("daemonset/cilium",)), NodesReady()),
    traps=("The operator's image is `operator` and a suffix that the chart adds.",),
)
CALICO = Entry(
    name="tigera-operator",
    title="Calico",
    source=Chart("https://docs.tigera.io/calico/charts", "tigera-operator", "v3.32.1"),
    namespace=Namespace("tigera-operator", "privileged"),
    wave=POD_NETWORK.number,
    licence="Apache-2.0",
    enabled=lambda profile: profile.cluster.cni == "calico",
    values=_calico,
    images=(Image("quay.io/tigera/operator:v1.42.3", "tigeraOperator.registry", "quay.io"),),
    ready=(NodesReady(),),
    crds_in_chart=True,
    traps=("The operator pulls Calico's own images, from the registry that its Installation names.",),
)
