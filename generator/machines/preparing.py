"""A machine's part of the profile becomes the node agent's settings."""

from __future__ import annotations

from generator.machines.cluster import Machine, Site, is_ipv6
from generator.machines.kubeadm import sandbox_image
from generator.machines.metadata import node_labels, node_taints
from generator.machines.ports import ports_of
from generator.machines.settings import (
    Checks,
    Containerd,
    DiskSpace,
    Docker,
    Driver,
    Inotify,
    Kubelet,
    MachineNode,
    MachineSettings,
    Mirror,
    MirrorEndpoint,
    Nvidia,
    Peer,
    Port,
    Sshd,
    Taint,
)
from generator.profile.model import Profile
from generator.profile.node_prep import NodeSettings

HELD = {
    "kubeadm": ["kubelet", "kubeadm", "kubectl", "containerd", "containerd.io"],
    "rke2": ["rke2-server", "rke2-agent", "rke2-common"],
    "k3s": [],
}
ROUTING = {
    "net.bridge.bridge-nf-call-iptables": "1",
    "net.bridge.bridge-nf-call-ip6tables": "1",
    "net.ipv4.ip_forward": "1",
}
FREE_GIB = 10.0
FREE_INODES_PERCENT = 5.0


def group_settings(profile: Profile, group: str | None) -> NodeSettings:
    """The settings of a node group: what the group itself sets, over those of all nodes."""
    own = profile.node_prep.groups.get(group or "")
    common = {name: getattr(profile.node_prep, name) for name in NodeSettings.model_fields}
    changed = {name: getattr(own, name) for name in own.model_fields_set} if own else {}
    return NodeSettings.model_construct(**{**common, **changed})


def machine_settings(site: Site, machine: Machine) -> MachineSettings:
    """The settings.json of one machine."""
    profile = site.profile
    wanted, gpu = group_settings(profile, machine.node.group), profile.gpu
    has_gpus, driver_on_host = machine.node.gpus is not None, gpu.driver == "host"
    return MachineSettings(
        mode="apply",
        kubernetes_version=profile.cluster.version,
        swap="off" if wanted.swap == "off" else "limited",
        modules=list(wanted.modules),
        sysctls=_sysctls(profile, wanted),
        inotify=Inotify(max_user_instances=wanted.inotify_instances, max_user_watches=wanted.inotify_watches),
        containerd=_containerd(profile, machine, wanted),
        docker=Docker(daemon={"exec-opts": ["native.cgroupdriver=systemd"]} if wanted.docker else {}),
        kubelet=Kubelet(config=dict(wanted.kubelet)),
        holds=HELD[profile.cluster.distribution],
        driver=Driver(
            expected=has_gpus and driver_on_host,
            root=gpu.driver_root,
            collect_to=(gpu.collect_driver_files or "") if has_gpus and driver_on_host else "",
        ),
        sshd=Sshd(forbid_root_login=profile.node_prep.sshd, forbid_passwords=profile.node_prep.sshd),
        node=_node(profile, machine),
        checks=_checks(site, machine),
    )


def toolkit_on_host(profile: Profile, machine: Machine) -> bool:
    """Whether NVIDIA's container toolkit comes as a package: the GPU operator would bring its own."""
    return machine.node.gpus is not None and profile.gpu.advertised_by == "device-plugin"


def _sysctls(profile: Profile, wanted: NodeSettings) -> dict[str, str]:
    networks = (profile.cluster.pod_cidr, profile.cluster.service_cidr)
    six = any(is_ipv6(network.partition("/")[0]) for network in networks)
    routing = {**ROUTING, **({"net.ipv6.conf.all.forwarding": "1"} if six else {})}
    return {**routing, **{key: str(value) for key, value in wanted.sysctls.items()}}


def _containerd(profile: Profile, machine: Machine, wanted: NodeSettings) -> Containerd:
    distribution, toolkit = profile.cluster.distribution, toolkit_on_host(profile, machine)
    return Containerd(
        manage=True,
        flavour="containerd" if distribution == "kubeadm" else distribution,
        cdi=wanted.containerd.cdi,
        sandbox_image=sandbox_image(profile) if distribution == "kubeadm" else "",
        nvidia=Nvidia(enabled=toolkit, default=toolkit and profile.gpu.default_runtime),
        mirrors=[
            Mirror(registry=registry, endpoints=[MirrorEndpoint(url=url) for url in urls])
            for registry, urls in wanted.containerd.mirrors.items()
        ],
    )


def _node(profile: Profile, machine: Machine) -> MachineNode:
    return MachineNode(
        name=machine.name,
        labels=node_labels(profile, machine),
        taints=[
            Taint(key=taint.key, effect=taint.effect, value=taint.value)
            for taint in node_taints(profile, machine)
        ],
    )


def _checks(site: Site, machine: Machine) -> Checks:
    return Checks(
        ports=[
            Port(port=number, protocol=port.protocol, owners=list(port.owners))
            for port in ports_of(site, machine)
            if port.owners
            for number in port.numbers
        ],
        time_sync=True,
        peers=[Peer(name=one.name, address=one.address) for one in site.known_to(machine)],
        disk=[DiskSpace(path="/var", free_gib=FREE_GIB, free_inodes_percent=FREE_INODES_PERCENT)],
    )
