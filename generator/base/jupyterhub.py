"""Zero to JupyterHub, configured by the umbrella's chart `jupyterhub-config`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.base.images import Image
from generator.base.model import Chart, Entry, Namespace, Rollout, Values
from generator.base.needed import database_class
from generator.base.ours import jupyterhub_values
from generator.base.platform import NAMESPACE, RELEASE
from generator.base.waves import APPLICATIONS
from generator.components.jupyterhub_config import z2jh
from generator.overriding import overlay

if TYPE_CHECKING:
    from generator.profile.model import Profile

_VERSION = "4.4.0"
_QUAY = "quay.io/jupyterhub"
_IMAGES = {
    "hub.image": ("k8s-hub", _VERSION),
    "proxy.chp.image": ("configurable-http-proxy", "5.2.0"),
    "singleuser.image": ("k8s-singleuser-sample", _VERSION),
}
_OWN: Values = {
    "singleuser": {"image": {"tag": _VERSION}},
    # They would pull each image on each node before every upgrade, and hold it up.
    "prePuller": {"hook": {"enabled": False}, "continuous": {"enabled": False}},
    "scheduling": {"userPlaceholder": {"enabled": False}, "podPriority": {"enabled": False}},
}


def build(profile: Profile) -> Values:
    """Values for the chart: what our ConfigMap needs, and what a few machines do without."""
    ours = z2jh.overlay(profile, jupyterhub_values(profile), RELEASE)
    return overlay(ours, {**_hub(profile), **_OWN})


def _hub(profile: Profile) -> Values:
    wish = profile.jupyterhub.database.storage_class if profile.jupyterhub else None
    found = database_class(profile, wish)
    pvc = {"pvc": {"storageClassName": found}} if found else {}
    return {"hub": {"image": {"tag": _VERSION}, **({"db": pvc} if pvc else {})}}


def _namespace(profile: Profile) -> Namespace:
    team = profile.jupyterhub.team if profile.jupyterhub else None
    levels = {one.name: one.pod_security for one in profile.teams}
    name = z2jh.hub_namespace(profile)
    # A team's namespace and its labels are the umbrella's.
    return Namespace(name or NAMESPACE, levels.get(team or "", "restricted"), shared=True)


ENTRY = Entry(
    name="jupyterhub",
    title="JupyterHub",
    source=Chart("https://hub.jupyter.org/helm-chart", "jupyterhub", _VERSION),
    namespace=_namespace,
    wave=APPLICATIONS.number,
    licence="BSD-3-Clause",
    enabled=lambda profile: profile.jupyterhub is not None,
    values=build,
    images=tuple(
        Image(f"{_QUAY}/{image}:{tag}", f"{path}.name", f"{_QUAY}/{image}", hidden=path == "singleuser.image")
        for path, (image, tag) in _IMAGES.items()
    ),
    needs=(RELEASE,),
    ready=(Rollout(("deployment/hub", "deployment/proxy")),),
    defaults="jupyterhub-4.4.0.values.yaml",
    schema="jupyterhub-4.4.0.schema.json",
    timeout=900,
    traps=(
        "Since JupyterHub 5 nobody may log in unless somebody is allowed; the default login asks nothing.",
        "The hub's SQLite must not be on NFS.",
        "`proxy.service.type` is LoadBalancer and would take an address of its own.",
        "Notebooks may not reach private addresses unless a policy opens them.",
        "`singleuser.cloudMetadata.blockWithIptables` is a privileged container.",
    ),
)
