"""The kubelet's configuration by a drop-in in its --config-dir.

Where the kubelet has no --config-dir yet (kubeadm does not set it) the flag goes into the environment file
that its unit reads at every start: systemd then has nothing to reload.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agent.actions.base import Action
from agent.actions.service import Restart
from agent.host import Host
from agent.names import KUBELET_DROP_IN
from agent.settings import Settings
from agent.steps.base import FAILED, Finding, Place, StepPlan, View, find, put
from agent.validate import minor

CONFIG_DIR = "/etc/kubernetes/kubelet.conf.d"
FIRST_WITH_DROP_INS = 30
FLAGS_FILE = "/var/lib/kubelet/kubeadm-flags.env"
_RANCHER_DIRS = tuple(f"/var/lib/rancher/{name}/agent/etc/kubelet.conf.d" for name in ("k3s", "rke2"))

# With one of these the kubelet of today does not start: flag to (minor version it is gone from, what to do).
REMOVED_FLAGS = {
    "--pod-infra-container-image": (35, "remove it; containerd's sandbox image is what counts"),
    "--allow-privileged": (15, "remove it; Pod Security decides"),
    "--container-runtime": (27, "remove it; only CRI runtimes are left"),
    "--network-plugin": (24, "remove it; CNI is the runtime's"),
    "--feature-gates=Accelerators": (11, "remove it; a device plugin advertises GPUs"),
}


@dataclass(frozen=True)
class KubeletFacts:
    """Where its configuration comes from."""

    config: Mapping[str, Any]
    version: int
    drop_in: Place
    environment: Place | None  # None: the directory is known to the kubelet already
    flags: Mapping[str, str]  # file to the flags it has
    unit: str
    seconds: int


class KubeletStep:
    """See the module's text."""

    name = "kubelet"

    def inspect(self, view: View) -> KubeletFacts:
        """See Step.inspect."""
        host, settings = view.host, view.settings
        environment = _environment_file(host)
        flags = {path: host.text(path) for path in (FLAGS_FILE, environment) if host.exists(path)}
        rancher = [path for path in _RANCHER_DIRS if host.is_dir(path)]
        known = re.search(r"--config-dir[= ]\"?([^\s\"']+)", "\n".join(flags.values()))
        folder = rancher[0] if rancher else known.group(1) if known else CONFIG_DIR
        wanted, drop_in = _wanted(settings), find(host, f"{folder}/{KUBELET_DROP_IN}")
        return KubeletFacts(
            config=wanted,
            version=minor(settings.kubernetes_version),
            drop_in=drop_in,
            environment=None if rancher or known else find(host, environment),
            flags=flags,
            unit=_unit(host) if wanted or drop_in.state.kind != "absent" else "",
            seconds=settings.health_seconds,
        )

    def plan(self, facts: KubeletFacts) -> StepPlan:
        """See Step.plan."""
        findings = tuple(_leftovers(facts))
        if not facts.config:
            return StepPlan(actions=self._files(facts, None), findings=findings)
        if facts.version and facts.version < FIRST_WITH_DROP_INS:
            return StepPlan(
                refusal=f"kubelet 1.{facts.version} has no drop-in directory; 1.{FIRST_WITH_DROP_INS} has"
            )
        head = {"apiVersion": "kubelet.config.k8s.io/v1beta1", "kind": "KubeletConfiguration"}
        return StepPlan(self._files(facts, json.dumps({**head, **facts.config}, indent=2) + "\n"), findings)

    def _files(self, facts: KubeletFacts, text: str | None) -> tuple[Action, ...]:
        files = put(facts.drop_in, text)
        if text is not None and facts.environment is not None:
            folder = facts.drop_in.path.rsplit("/", 1)[0]
            files += put(facts.environment, with_flag(facts.environment.text, f"--config-dir={folder}"))
        restart = files and facts.unit
        health = "kubelet" if facts.unit == "kubelet" else "rancher"
        return (*files, Restart(facts.unit, health, facts.seconds)) if restart else files


def with_flag(environment: str, flag: str) -> str:
    """An environment file whose KUBELET_EXTRA_ARGS has `flag`; other lines stay."""
    match = re.search(r"^KUBELET_EXTRA_ARGS=(.*)$", environment, re.MULTILINE)
    if not match:
        body = environment if not environment or environment.endswith("\n") else environment + "\n"
        return f'{body}KUBELET_EXTRA_ARGS="{flag}"\n'
    old = match.group(1).strip().strip("\"'")
    line = f'KUBELET_EXTRA_ARGS="{old + " " if old else ""}{flag}"'
    return environment[: match.start()] + line + environment[match.end() :]


def _wanted(settings: Settings) -> dict[str, Any]:
    if settings.swap != "limited":
        return dict(settings.kubelet.config)
    swap = {"failSwapOn": False, "memorySwap": {"swapBehavior": "LimitedSwap"}}
    return {**settings.kubelet.config, **swap}


def _environment_file(host: Host) -> str:
    """Debian's packages read /etc/default/kubelet, Red Hat's /etc/sysconfig/kubelet."""
    return "/etc/sysconfig/kubelet" if host.is_dir("/etc/sysconfig") else "/etc/default/kubelet"


def _unit(host: Host) -> str:
    """The running unit that has the kubelet in it; empty before the machine joined."""
    for unit in ("kubelet", "k3s", "k3s-agent", "rke2-server", "rke2-agent"):
        if host.ask("systemctl", "is-active", unit).stdout.strip() == "active":
            return unit
    return ""


def _leftovers(facts: KubeletFacts) -> list[Finding]:
    found = []
    for path, text in facts.flags.items():
        for flag, (gone, advice) in REMOVED_FLAGS.items():
            if re.search(re.escape(flag) + r"(?![\w-])", text) and facts.version >= gone:
                message = (
                    f"{path} has {flag}, which kubelet 1.{facts.version} refuses (gone in 1.{gone}): {advice}"
                )
                found.append(Finding(FAILED, message))
    return found
