"""Reading settings.json: its shape (decode.py), then what each value must be for the host to survive it."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from agent import VERSION
from agent.decode import Decoder
from agent.errors import SettingsError
from agent.settings import Settings

_MODULE = re.compile(r"[A-Za-z0-9_-]+")
_SYSCTL = re.compile(r"[a-z0-9_]+([./][A-Za-z0-9_*:@-]+)+")
_PACKAGE = re.compile(r"[a-z0-9][a-z0-9+.-]*(:[a-z0-9]+)?", re.IGNORECASE)
_REGISTRY = re.compile(r"_default|[A-Za-z0-9.-]+(:[0-9]+)?")
_VERSION = re.compile(r"v?1\.(\d+)(\.\d+)?")

# Gone from the kubelet: with them it does not start. Key: field or feature gate; value: what to do instead.
REMOVED_KUBELET_FIELDS = {
    "allowPrivileged": "privileged pods are a matter of Pod Security since 1.15",
    "podInfraContainerImage": "set containerd.sandboxImage; the kubelet refuses the flag since 1.35",
    "kind": "the agent writes it",
    "apiVersion": "the agent writes it",
}
REMOVED_FEATURE_GATES = {
    "Accelerators": "GPUs are advertised by a device plugin since 1.10",
    "DevicePlugins": "always on since 1.26",
    "DynamicKubeletConfig": "removed in 1.26: this drop-in replaces it",
    "KubeletConfigFile": "always on",
}


def load(path: str) -> Settings:
    """Read and check a settings file; SettingsError has every fault."""
    try:
        value = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SettingsError([f"{path}: {error}"]) from error
    return parse(value)


def parse(value: Any) -> Settings:
    """Settings from a JSON value."""
    decoder = Decoder()
    settings = decoder.decode(Settings, value, "")
    faults = decoder.faults or list(_faults(settings))
    if faults:
        raise SettingsError(faults)
    assert isinstance(settings, Settings)
    return settings


def settings_hash(value: Settings) -> str:
    """Names what this agent wants of a node: changes exactly when a run could want something else.

    The mode, timeouts and the lease are about how, not what.
    """
    wanted = dataclasses.asdict(value)
    for key in ("mode", "drain", "lease", "health_seconds"):
        del wanted[key]
    text = json.dumps([VERSION, wanted], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def minor(version: str) -> int:
    """34 of "1.34.4"; 0 when no version is given."""
    match = _VERSION.fullmatch(version)
    return int(match.group(1)) if match else 0


def _faults(settings: Settings) -> Iterator[str]:
    yield from _name_faults(settings)
    yield from _containerd_faults(settings)
    yield from _kubelet_faults(settings)
    yield from _path_faults(settings)
    yield from _limit_faults(settings)


def _name_faults(settings: Settings) -> Iterator[str]:
    for index, module in enumerate(settings.modules):
        if not _MODULE.fullmatch(module):
            yield f"modules[{index}]: {module!r} is not a kernel module's name"
    for key in settings.sysctls:
        if not _SYSCTL.fullmatch(key):
            yield f"sysctls.{key}: not a sysctl key"
        if "*" in key:
            yield f"sysctls.{key}: a pattern; name each key, so that its value can be checked"
    for index, package in enumerate(settings.holds):
        if not _PACKAGE.fullmatch(package):
            yield f"holds[{index}]: {package!r} is not a package's name"
    if settings.kubernetes_version and not _VERSION.fullmatch(settings.kubernetes_version):
        yield f"kubernetesVersion: {settings.kubernetes_version!r} is not like 1.36 or v1.36.3"


def _containerd_faults(settings: Settings) -> Iterator[str]:
    containerd = settings.containerd
    if containerd.nvidia.default and not containerd.nvidia.enabled:
        yield "containerd.nvidia.default: needs containerd.nvidia.enabled"
    registries = [mirror.registry for mirror in containerd.mirrors]
    for index, mirror in enumerate(containerd.mirrors):
        at = f"containerd.mirrors[{index}]"
        if not _REGISTRY.fullmatch(mirror.registry):
            yield f"{at}.registry: {mirror.registry!r} is not a registry's host, host:port or _default"
        if registries.count(mirror.registry) > 1:
            yield f"{at}.registry: {mirror.registry} is there more than once"
        if not mirror.endpoints:
            yield f"{at}.endpoints: at least one"
        for place, endpoint in enumerate(mirror.endpoints):
            if not re.fullmatch(r"https?://\S+", endpoint.url):
                yield f"{at}.endpoints[{place}].url: must start with http:// or https://"


def _kubelet_faults(settings: Settings) -> Iterator[str]:
    config = settings.kubelet.config
    for key in sorted(config.keys() & REMOVED_KUBELET_FIELDS.keys()):
        yield f"kubelet.config.{key}: {REMOVED_KUBELET_FIELDS[key]}"
    gates = config.get("featureGates", {})
    if not isinstance(gates, dict):
        yield "kubelet.config.featureGates: must be an object"
        return
    for gate in sorted(gates.keys() & REMOVED_FEATURE_GATES.keys()):
        yield f"kubelet.config.featureGates.{gate}: {REMOVED_FEATURE_GATES[gate]}"
    if settings.swap != "leave" and ("failSwapOn" in config or "memorySwap" in config):
        yield "kubelet.config: failSwapOn and memorySwap come from `swap`; set one of the two"


def _path_faults(settings: Settings) -> Iterator[str]:
    paths = {
        "stateDir": settings.state_dir,
        "driver.root": settings.driver.root,
        "driver.collectTo": settings.driver.collect_to,
        "containerd.nvidia.binary": settings.containerd.nvidia.binary,
    }
    paths.update({f"checks.disk[{index}].path": disk.path for index, disk in enumerate(settings.checks.disk)})
    for key, path in paths.items():
        if path and (not path.startswith("/") or ".." in path.split("/")):
            yield f"{key}: {path!r} must be an absolute path without .."
    collect = settings.driver.collect_to.rstrip("/")
    if collect and collect.count("/") < 2:
        yield "driver.collectTo: a directory of its own, two levels deep or more, like /opt/nvidia-driver"


def _limit_faults(settings: Settings) -> Iterator[str]:
    if not settings.node.opt_in_label:
        yield "node.optInLabel: must name a label; apply changes only nodes that carry it"
    for index, port in enumerate(settings.checks.ports):
        if not 0 < port.port < 65536:
            yield f"checks.ports[{index}].port: {port.port} is not a port"
    if not 1 <= settings.lease.slots <= 100:
        yield "lease.slots: from 1 to 100"
    if settings.lease.duration_seconds <= settings.drain.timeout_seconds:
        yield "lease.durationSeconds: must be longer than drain.timeoutSeconds: a drain is under the lease"
