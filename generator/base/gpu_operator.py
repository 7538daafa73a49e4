"""NVIDIA's GPU operator: driver, toolkit, device plugin and exporter, as the profile wants them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.base.images import Image
from generator.base.model import Chart, Crds, Entry, Namespace, Rollout, Values
from generator.base.ours import gpu_sharing_values
from generator.base.waves import SYSTEM
from generator.components.gpu_monitoring.build import exporter_env
from generator.components.gpu_monitoring.metrics import metrics_csv
from generator.components.gpu_sharing.base_values import plugin_settings
from generator.components.gpu_sharing.build import READERS
from generator.profile.gpu_sharing import plugin_nodes

if TYPE_CHECKING:
    from generator.profile.model import Profile

SOCKETS = {"k3s": "/run/k3s/containerd/containerd.sock", "rke2": "/run/k3s/containerd/containerd.sock"}
"""Where these distributions have containerd's socket; the operator looks in the usual place."""
_NVCR = "nvcr.io/nvidia"
_NFD = "registry.k8s.io/nfd/node-feature-discovery"
_VERSION = "v26.7.0"
_OPERANDS = {
    "toolkit": ("nvcr.io/nvidia/k8s", "container-toolkit:v1.20.0"),
    "devicePlugin": (_NVCR, "k8s-device-plugin:v0.20.0"),
    "gfd": (_NVCR, "k8s-device-plugin:v0.20.0"),
    "dcgmExporter": ("nvcr.io/nvidia/k8s", "dcgm-exporter:4.6.0-4.8.3-distroless"),
    "migManager": ("nvcr.io/nvidia/cloud-native", "k8s-mig-manager:v0.15.0"),
    "validator": (_NVCR, f"gpu-operator:{_VERSION}"),
    "operator": (_NVCR, f"gpu-operator:{_VERSION}"),
    # Named in the operator's Deployment, whoever installs the driver.
    "driver.manager": ("nvcr.io/nvidia/cloud-native", "k8s-driver-manager:v0.12.0"),
}
_VIRTUAL = ("vgpuDeviceManager", "vfioManager", "sandboxDevicePlugin", "kataSandboxDevicePlugin", "ccManager")
_UNUSED = {
    "driver": _NVCR,
    "dcgm": "nvcr.io/nvidia/cloud-native",
    "nodeStatusExporter": _NVCR,
    "gds": "nvcr.io/nvidia/cloud-native",
    "gdrcopy": "nvcr.io/nvidia/cloud-native",
    "vgpuDeviceManager": "nvcr.io/nvidia/cloud-native",
    "vfioManager": "nvcr.io/nvidia/cloud-native",
    "vfioManager.driverManager": "nvcr.io/nvidia/cloud-native",
    "vgpuManager.driverManager": "nvcr.io/nvidia/cloud-native",
    "sandboxDevicePlugin": _NVCR,
    "kataSandboxDevicePlugin": "nvcr.io/nvidia/cloud-native",
    "ccManager": "nvcr.io/nvidia/cloud-native",
    "draDriver": _NVCR,
}
"""Sections of the ClusterPolicy that are off, but name a registry all the same."""


def build(profile: Profile) -> Values:
    """Values for the chart."""
    settings = plugin_settings(profile, gpu_sharing_values(profile))
    plugin: Values = {"config": {"name": settings.config_map, "default": settings.default_config}}
    return {
        "driver": {"enabled": profile.gpu.driver == "operator"},
        "toolkit": _toolkit(profile),
        "devicePlugin": plugin,
        "mig": {"strategy": settings.mig_strategy},
        "migManager": {
            "enabled": settings.mig_strategy != "none",
            "config": {"name": settings.mig_config_map},
        },
        "dcgmExporter": _exporter(profile),
        # A change of the configurations must reach the plugin's pods.
        "daemonsets": {"annotations": {"labhelm.io/gpu-sharing": settings.checksum}},
        # Virtual machines with GPUs: nothing of ours uses them.
        "sandboxWorkloads": {"enabled": False},
        **{section: {"enabled": False} for section in _VIRTUAL},
        "nfd": {"enabled": True},
    }


def _toolkit(profile: Profile) -> Values:
    socket = SOCKETS.get(profile.cluster.distribution)
    return {
        "enabled": True,
        "env": [{"name": "CONTAINERD_SOCKET", "value": socket}] if socket else [],
    }


def _exporter(profile: Profile) -> Values:
    if profile.monitoring is None:
        return {"enabled": False, "serviceMonitor": {"enabled": False}}
    return {
        "enabled": True,
        "env": [{"name": name, "value": value} for name, value in exporter_env(profile).items()],
        # Its own list lacks what alerts need.
        "config": {"name": "labhelm-dcgm-metrics", "create": True, "data": metrics_csv()},
        # Use and memory of each pod on a shared GPU: by process, and by the pod's uid.
        "hostPID": True,
        "enablePodUID": True,
        # The umbrella's chart `gpu-monitoring` has it, with the profile's interval.
        "serviceMonitor": {"enabled": False},
    }


def _images(profile: Profile) -> tuple[Image, ...]:
    off = {"dcgmExporter"} if profile.monitoring is None else set()
    if plugin_settings(profile, gpu_sharing_values(profile)).mig_strategy == "none":
        off.add("migManager")
    used = [
        Image(f"{registry}/{image}", f"{section}.repository", registry)
        for section, (registry, image) in _OPERANDS.items()
        if section not in off
    ]
    unused = {**_UNUSED, **{section: _OPERANDS[section][0] for section in off}}
    idle = [Image("", f"{section}.repository", registry) for section, registry in unused.items()]
    nfd = Image(f"{_NFD}:v0.19.0", "node-feature-discovery.image.repository", _NFD)
    return (*used, nfd, *_driver(profile), *idle)


def _driver(profile: Profile) -> tuple[Image, ...]:
    """The driver's tag ends in each node's system, which only the operator sees."""
    if profile.gpu.driver != "operator":
        return ()
    return (Image(f"{_NVCR}/driver:595.91.07", hidden=True),)


ENTRY = Entry(
    name="gpu-operator",
    title="NVIDIA GPU operator",
    source=Chart("https://helm.ngc.nvidia.com/nvidia", "gpu-operator", _VERSION),
    namespace=Namespace(READERS["gpu-operator"].namespace, "privileged"),
    wave=SYSTEM.number,
    licence="Apache-2.0",
    enabled=lambda profile: profile.gpu.advertised_by == "gpu-operator" and bool(plugin_nodes(profile)),
    values=build,
    images=_images,
    needs=("prometheus-operator-crds",),
    ready=(Crds(("clusterpolicies.nvidia.com",)), Rollout(("deployment/gpu-operator",))),
    defaults="gpu-operator-v26.7.0.values.yaml",
    optional=(
        "node-feature-discovery.image.repository",
        "dcgmExporter.config.name",
        "dcgmExporter.config.create",
        "dcgmExporter.config.data",
    ),
    crds_in_chart=True,
    timeout=900,
    traps=(
        "It brings device plugin, exporter and node feature discovery: never install those charts beside it.",
        "The toolkit restarts containerd, and on RKE2 and k3s everything with it.",
        "CDI is on from 25.10: pods need no RuntimeClass, but containerd must be 2.0 or later.",
        "`driver.enabled` is true: on a machine with a driver of its own it must be false.",
        "CONTAINERD_CONFIG of old recipes is wrong now; RKE2 and k3s need CONTAINERD_SOCKET only.",
    ),
)
