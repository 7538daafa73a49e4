"""Which pages the platform of a profile has, and what is behind each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.profile.model import Profile
    from generator.profile.network import Page

KNOWN = {
    "dask-dashboard": "dask",
    "dask-notebook": "notebook",
    "jupyterhub": "hub",
    "grafana": "grafana",
    "kubeflow": "kubeflow",
}
"""Pages that the platform itself may have, and the first label of their host names."""
WITHOUT_LOGIN = frozenset({"dask-dashboard"})
MONITORING = "monitoring"
ISTIO = "istio-system"


@dataclass(frozen=True)
class Backend:
    """The Service behind a page, as the chart's values name it."""

    port: int
    namespace: str = ""
    service: str = ""
    chart: str = ""
    component: str = ""
    pod_labels: dict[str, str] = field(default_factory=dict)
    pod_port: int = 0


@dataclass(frozen=True)
class Published:
    """A page that people reach."""

    name: str
    host: str
    backend: Backend


def published(profile: Profile) -> Iterator[Published]:
    """Every page with a host name, the platform's own first."""
    for name, backend in backends(profile).items():
        host = host_of(profile, name)
        if host and is_on(profile, name):
            yield Published(name, host, backend)


def backends(profile: Profile) -> dict[str, Backend]:
    """What is behind each page that the profile could publish, by the page's name."""
    return dict([*_own(profile), *_users(profile)])


def host_of(profile: Profile, name: str) -> str | None:
    """Host name of a page: its own, or one below the domain."""
    wish = profile.network.pages.get(name)
    if wish and wish.host:
        return wish.host
    domain = profile.network.domain
    return f"{KNOWN.get(name, name)}.{domain}" if domain else None


def is_on(profile: Profile, name: str) -> bool:
    """Whether the page is to be published: what has no login only if the profile says so."""
    wish = profile.network.pages.get(name)
    return wish.enabled if wish and wish.enabled is not None else name not in WITHOUT_LOGIN


def _own(profile: Profile) -> Iterator[tuple[str, Backend]]:
    if profile.dask:
        place = profile.namespace_of(profile.dask.team)
        yield "dask-dashboard", Backend(8787, place, chart="dask", component="scheduler")
        if profile.dask.notebook.enabled:
            yield "dask-notebook", Backend(8888, place, chart="dask", component="notebook")
    if profile.jupyterhub:
        yield "jupyterhub", _hub(profile, profile.jupyterhub.team)
    if profile.monitoring:
        yield "grafana", Backend(80, MONITORING, service=f"{profile.monitoring.release}-grafana")
    if profile.kubeflow and profile.kubeflow.entry == "platform":
        yield "kubeflow", Backend(80, ISTIO, service="istio-ingressgateway")


def _hub(profile: Profile, team: str | None) -> Backend:
    """z2jh's proxy; in a team's namespace pods are closed off, so the way in needs a policy."""
    labels = {"app": "jupyterhub", "component": "proxy"} if team else {}
    port = 8000 if team else 0
    return Backend(80, profile.namespace_of(team), "proxy-public", pod_labels=labels, pod_port=port)


def _users(profile: Profile) -> Iterator[tuple[str, Backend]]:
    for name, wish in profile.network.pages.items():
        if name not in KNOWN and wish.service:
            yield name, _service(profile, wish)


def _service(profile: Profile, wish: Page) -> Backend:
    return Backend(wish.port or 80, profile.namespace_of(wish.team), wish.service or "")
