"""The container runtime: one cgroup driver, the NVIDIA runtime, CDI, mirrors.

containerd 2 gets a drop-in of ours that never has a higher version than the root file (containerd would not
start); containerd 1 replaces a plugin's whole section on import, so the file whose section counts is edited
in place. k3s and RKE2 write the configuration themselves: steps/rancher.py.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from agent.actions.base import Action
from agent.actions.service import Restart
from agent.containerd.candidate import ContainerdCandidate
from agent.containerd.files import ROOT_FILE, ConfigFile, effective, load
from agent.containerd.layout import Release, Wanted, runc_runtimes, wanted_settings
from agent.containerd.mirrors import CERTS_DIR, hosts_toml
from agent.containerd.planner import DROP_IN, Situation, has_mirror_tables, planned
from agent.containerd.rancher import rancher_flavour
from agent.containerd.toolkit import CDI_SPEC, OPERATOR_TOOLKIT, cdi_spec, runtime_binary
from agent.errors import StepFailed
from agent.host import Host
from agent.settings import Containerd
from agent.steps.base import FAILED, Finding, Place, StepPlan, View, find, put
from agent.validate import minor

FIRST_KUBERNETES_WITHOUT_1 = 36
NO_RELEASE = Release(0, 0)


@dataclass(frozen=True)
class ContainerdFacts:
    """What is there; with `problem` nothing can be decided, without `managed` nothing is to be."""

    settings: Containerd
    managed: bool = False
    problem: str = ""
    release: Release = NO_RELEASE
    files: tuple[ConfigFile, ...] = ()  # in the order they count
    unread: bool = False
    places: Mapping[str, Place] = field(default_factory=dict)  # every path that may be written
    binary: str = ""
    has_binary: bool = False
    cdi_text: str = ""
    kubernetes: int = 0
    seconds: int = 60


class ContainerdStep:
    """See the module's text."""

    name = "containerd"

    def inspect(self, view: View) -> ContainerdFacts:
        """See Step.inspect."""
        host, settings = view.host, view.settings.containerd
        if not settings.manage or rancher_flavour(host, settings):
            return ContainerdFacts(settings)
        try:
            release, files = installed_release(host), tuple(load(host, ROOT_FILE))
        except StepFailed as error:
            return ContainerdFacts(settings, managed=True, problem=str(error))
        present = [path for path in host.glob(f"{posixpath.dirname(DROP_IN)}/*.toml") if path != DROP_IN]
        paths = [ROOT_FILE, DROP_IN, CDI_SPEC, *(file.path for file in files), *_hosts(host, settings)]
        binary = runtime_binary(host, settings.nvidia.binary) if settings.nvidia.enabled else ""
        return ContainerdFacts(
            settings=settings,
            managed=True,
            release=release,
            files=files,
            unread=bool(set(present) - {file.path for file in files}),
            places={path: find(host, path) for path in paths},
            binary=binary,
            has_binary=bool(binary) and host.exists(binary),
            cdi_text=(cdi_spec(host) or "") if settings.nvidia.cdi_spec else "",
            kubernetes=minor(view.settings.kubernetes_version),
            seconds=view.settings.health_seconds,
        )

    def plan(self, facts: ContainerdFacts) -> StepPlan:
        """See Step.plan."""
        if not facts.managed:
            return StepPlan()
        refusal = facts.problem or _refusal(facts)
        if refusal:
            return StepPlan(refusal=refusal)
        wanted = _wanted(facts)
        try:
            files = planned(Situation(facts.files, wanted, facts.release, facts.unread))
        except StepFailed as error:
            return StepPlan(refusal=str(error))
        changed = [file for file in files if file.document.text != facts.places[file.path].text]
        actions = [action for file in changed for action in put(facts.places[file.path], file.document.text)]
        actions += _beside(facts)
        if not changed:
            return StepPlan(tuple(actions), tuple(_findings(facts)))
        candidate = ContainerdCandidate(tuple(files), frozenset(file.path for file in changed), wanted)
        restart = Restart("containerd", "containerd", facts.seconds)
        return StepPlan((*actions, restart), tuple(_findings(facts)), (candidate,))


def installed_release(host: Host) -> Release:
    """What `containerd --version` says."""
    said = host.ask("containerd", "--version")
    match = re.search(r"\sv?(\d+)\.(\d+)\.\d+", said.stdout)
    if not said.ok or not match:
        raise StepFailed("containerd is not installed, or does not tell its version", reason="NoContainerd")
    return Release(int(match.group(1)), int(match.group(2)))


def _hosts(host: Host, settings: Containerd) -> list[str]:
    wanted = [f"{CERTS_DIR}/{mirror.registry}/hosts.toml" for mirror in settings.mirrors]
    return [*wanted, *host.glob(f"{CERTS_DIR}/*/hosts.toml")]


def _wanted(facts: ContainerdFacts) -> Wanted:
    settings, documents = facts.settings, [file.document for file in facts.files]
    certs, _ = effective(list(facts.files), ("certs",), facts.release.major)
    certs = certs if certs and CERTS_DIR in str(certs).split(":") else CERTS_DIR
    return wanted_settings(settings, facts.binary, facts.release, runc_runtimes(documents), certs)


def _refusal(facts: ContainerdFacts) -> str:
    nvidia, files = facts.settings.nvidia, list(facts.files)
    if nvidia.enabled and not facts.has_binary:
        return f"{facts.binary} is not there: install nvidia-container-toolkit, or let gpu-operator do it"
    registered, path = effective(files, ("runtimes", "nvidia", "options", "BinaryName"), facts.release.major)
    if nvidia.enabled and str(registered).startswith(OPERATOR_TOOLKIT) and registered != facts.binary:
        return f"{path}: gpu-operator's toolkit provides the runtime nvidia already; use one of the two"
    tables = has_mirror_tables(facts.files, facts.release.major)
    if facts.settings.mirrors and tables:
        return (
            f"{tables} has registry.mirrors, which containerd refuses beside config_path: remove them there"
        )
    foreign = [_foreign(facts.places[path]) for path in _mirror_texts(facts)]
    return next(filter(None, foreign), "")


def _foreign(place: Place) -> str:
    return "" if place.ours or place.state.kind == "absent" else f"{place.path} exists and is not the agent's"


def _mirror_texts(facts: ContainerdFacts) -> dict[str, str]:
    return {
        f"{CERTS_DIR}/{mirror.registry}/hosts.toml": hosts_toml(mirror) for mirror in facts.settings.mirrors
    }


def _beside(facts: ContainerdFacts) -> list[Action]:
    """Files that containerd reads when it needs them: no restart."""
    texts: dict[str, str | None] = dict(_mirror_texts(facts))
    for path, place in facts.places.items():
        if path.startswith(CERTS_DIR) and path not in texts and place.ours:
            texts[path] = None
    if facts.cdi_text:
        texts[CDI_SPEC] = facts.cdi_text
    return [action for path, text in texts.items() for action in put(facts.places[path], text)]


def _findings(facts: ContainerdFacts) -> list[Finding]:
    if facts.release.major < 2 and facts.kubernetes >= FIRST_KUBERNETES_WITHOUT_1:
        release = f"{facts.release.major}.{facts.release.minor}"
        message = (
            f"containerd {release} with Kubernetes 1.{facts.kubernetes}: containerd 2.2 or later is needed"
        )
        return [Finding(FAILED, message)]
    return []
