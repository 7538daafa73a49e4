"""Settings: every fault at once, with its path and what to do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from agent.decode import camel
from agent.errors import SettingsError
from agent.validate import load, minor, parse, settings_hash

from tests.unit.agent.bed import HERE


def faults(value: Any) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        parse(value)
    return caught.value.faults


def test_empty_settings_ask_for_nothing() -> None:
    settings = parse({})
    assert settings.mode == "plan"
    assert settings.swap == "leave"
    assert not settings.containerd.manage


def test_every_fault_is_told_at_once() -> None:
    found = faults(
        {"swp": "off", "swap": "on", "inotify": {"maxUserWatches": "many"}, "checks": {"ports": [{}]}}
    )
    assert found == (
        "swp: unknown key, did you mean swap?",
        "swap: must be one of off, leave, limited, is 'on'",
        "inotify.maxUserWatches: must be a whole number from 0, is 'many'",
        "checks.ports[0].port: is required",
    )


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        ([], "settings: must be an object"),
        ({"modules": "overlay"}, "modules: must be a list"),
        ({"modules": ["a b"]}, "modules[0]: 'a b' is not a kernel module's name"),
        ({"modules": ["a\nb"]}, "modules[0]: must not contain control characters or line breaks"),
        (
            {"sysctls": {"net.ipv4.conf.*.rp_filter": "1"}},
            "a pattern; name each key, so that its value can be checked",
        ),
        ({"sysctls": {"kernel": "1"}}, "sysctls.kernel: not a sysctl key"),
        ({"sysctls": {"vm.swappiness": 1}}, "sysctls.vm.swappiness: must be a string, is 1"),
        ({"holds": ["kubelet; reboot"]}, "holds[0]: 'kubelet; reboot' is not a package's name"),
        ({"kubernetesVersion": "latest"}, "kubernetesVersion: 'latest' is not like 1.36 or v1.36.3"),
        (
            {"kubelet": {"config": {"allowPrivileged": True}}},
            "privileged pods are a matter of Pod Security since 1.15",
        ),
        (
            {"kubelet": {"config": {"featureGates": {"Accelerators": True}}}},
            "kubelet.config.featureGates.Accelerators: GPUs are advertised by a device plugin since 1.10",
        ),
        (
            {"swap": "limited", "kubelet": {"config": {"failSwapOn": True}}},
            "failSwapOn and memorySwap come from `swap`",
        ),
        ({"driver": {"collectTo": "/opt"}}, "driver.collectTo: a directory of its own"),
        ({"stateDir": "var/lib"}, "stateDir: 'var/lib' must be an absolute path without .."),
        (
            {"containerd": {"nvidia": {"default": True}}},
            "containerd.nvidia.default: needs containerd.nvidia.enabled",
        ),
        ({"containerd": {"mirrors": [{"registry": "a/b", "endpoints": []}]}}, "is not a registry's host"),
        ({"checks": {"ports": [{"port": 70000}]}}, "checks.ports[0].port: 70000 is not a port"),
        ({"lease": {"slots": 0}}, "lease.slots: from 1 to 100"),
        (
            {"drain": {"timeoutSeconds": 900}},
            "lease.durationSeconds: must be longer than drain.timeoutSeconds",
        ),
        ({"node": {"taints": [{"key": "gpu", "effect": "Never"}]}}, "node.taints[0].effect: must be one of"),
        ({"checks": {"disk": [{"path": "/", "freeGib": True}]}}, "freeGib: must be a number from 0, is True"),
    ],
)
def test_fault(value: Any, fault: str) -> None:
    assert fault in "\n".join(faults(value))


def test_file_that_is_no_json_is_named(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text("{")
    with pytest.raises(SettingsError, match=r"settings\.json: Expecting property name"):
        load(str(path))
    with pytest.raises(SettingsError, match="No such file"):
        load(str(tmp_path / "none.json"))


def test_hash_names_what_is_wanted_and_not_how() -> None:
    wanted = settings_hash(parse({"swap": "off", "sysctls": {"vm.a": "1", "vm.b": "2"}}))
    assert wanted == settings_hash(parse({"sysctls": {"vm.b": "2", "vm.a": "1"}, "swap": "off"}))
    assert wanted == settings_hash(
        parse({"sysctls": {"vm.a": "1", "vm.b": "2"}, "swap": "off", "mode": "apply"})
    )
    assert wanted != settings_hash(parse({"swap": "off"}))


def test_example_settings_are_valid() -> None:
    for path in (HERE / "settings").glob("*.json"):
        parse(json.loads(path.read_text()))


def test_small_parts() -> None:
    assert camel("free_inodes_percent") == "freeInodesPercent"
    assert [minor(text) for text in ("1.36", "v1.34.4", "")] == [36, 34, 0]
