"""The container runtime of k3s and RKE2.

They find an installed NVIDIA runtime themselves at each start, so usually one restart is all. A template is
written only when the runtime stands where they do not look; what they generate must not be repeated in it,
since TOML has no table twice. config-v3.toml.tmpl is for containerd 2, config.toml.tmpl for 1.7.
"""

from __future__ import annotations

from dataclasses import dataclass

from agent.actions.base import Action
from agent.actions.service import Restart
from agent.containerd.edit import tables
from agent.containerd.files import read
from agent.containerd.layout import RUNC, at_version, version_of, where
from agent.containerd.mirrors import registries_yaml
from agent.containerd.rancher import config_dir, rancher_flavour, running_unit
from agent.containerd.toml import Document
from agent.errors import StepFailed
from agent.names import HEADER
from agent.settings import Containerd
from agent.steps.base import Place, StepPlan, View, find, put
from agent.validate import minor

# Where k3s and RKE2 look for nvidia-container-runtime.
_SEARCHED = ("/usr/local/nvidia/toolkit/", "/usr/bin/", "/usr/local/bin/", "/usr/sbin/", "/usr/local/sbin/")
FIRST_WITH_CONTAINERD_2 = 32


@dataclass(frozen=True)
class RancherFacts:
    """What is there; an empty flavour means that this is another step's machine."""

    flavour: str
    settings: Containerd
    problem: str = ""
    rendered: Document | None = None  # None before the first start
    version: int = 3
    template: Place | None = None
    registries: Place | None = None
    config: Place | None = None
    has_binary: bool = False
    unit: str = ""
    seconds: int = 60


class RancherStep:
    """See the module's text."""

    name = "rancher"

    def inspect(self, view: View) -> RancherFacts:
        """See Step.inspect."""
        host, settings = view.host, view.settings.containerd
        flavour = rancher_flavour(host, settings) if settings.manage else ""
        if not flavour:
            return RancherFacts("", settings)
        path = f"{config_dir(flavour)}/config.toml"
        try:
            rendered = read(path, host.text(path)).document if host.exists(path) else None
        except StepFailed as error:
            return RancherFacts(flavour, settings, problem=str(error))
        old = 0 < minor(view.settings.kubernetes_version) < FIRST_WITH_CONTAINERD_2
        version = version_of(rendered) if rendered else 2 if old else 3
        name = "config.toml.tmpl" if version < 3 else "config-v3.toml.tmpl"
        return RancherFacts(
            flavour=flavour,
            settings=settings,
            rendered=rendered,
            version=version,
            template=find(host, f"{config_dir(flavour)}/{name}"),
            registries=find(host, f"/etc/rancher/{flavour}/registries.yaml"),
            config=find(host, f"/etc/rancher/{flavour}/config.yaml.d/90-labhelm.yaml"),
            has_binary=host.exists(settings.nvidia.binary),
            unit=running_unit(host, flavour),
            seconds=view.settings.health_seconds,
        )

    def plan(self, facts: RancherFacts) -> StepPlan:
        """See Step.plan."""
        if not facts.flavour:
            return StepPlan()
        wants_nvidia = facts.settings.nvidia.enabled
        if facts.problem or (wants_nvidia and not facts.has_binary):
            missing = f"{facts.settings.nvidia.binary} is not there: install nvidia-container-toolkit"
            return StepPlan(refusal=facts.problem or missing)
        texts = {"template": _template(facts), "registries": _registries(facts), "config": _config(facts)}
        actions: list[Action] = []
        for name, text in texts.items():
            place: Place = getattr(facts, name)
            foreign = place.state.kind != "absent" and not place.ours
            if foreign and text is not None:
                return StepPlan(refusal=f"{place.path} exists and is not the agent's: merge by hand:\n{text}")
            actions += () if foreign else put(place, text)
        if facts.unit and (actions or _must_look_again(facts)):
            actions.append(Restart(facts.unit, "rancher", facts.seconds))
        return StepPlan(tuple(actions))


def _template(facts: RancherFacts) -> str | None:
    nvidia = facts.settings.nvidia
    if not nvidia.enabled or nvidia.binary.startswith(_SEARCHED):
        return None
    values = {
        ("runtimes", "nvidia", "runtime_type"): RUNC,
        ("runtimes", "nvidia", "options", "BinaryName"): nvidia.binary,
        ("runtimes", "nvidia", "options", "SystemdCgroup"): facts.settings.systemd_cgroup,
    }
    return HEADER + '{{ template "base" . }}\n' + tables(at_version(values, facts.version))


def _registries(facts: RancherFacts) -> str | None:
    return registries_yaml(facts.settings.mirrors) if facts.settings.mirrors else None


def _config(facts: RancherFacts) -> str | None:
    lines = ["default-runtime: nvidia\n"] if facts.settings.nvidia.default else []
    if facts.settings.sandbox_image:
        lines.append(f'pause-image: "{facts.settings.sandbox_image}"\n')
    return HEADER + "".join(lines) if lines else None


def _must_look_again(facts: RancherFacts) -> bool:
    """The toolkit was installed after the last start."""
    if not facts.settings.nvidia.enabled or facts.rendered is None:
        return False
    runtimes = facts.rendered.get(where(("runtimes",), version_of(facts.rendered)), {})
    return "nvidia" not in runtimes
