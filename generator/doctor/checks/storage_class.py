"""Exactly one class is the default where somebody counts on it, and it is the profile's."""

from __future__ import annotations

from collections.abc import Iterator

from generator.doctor.base import UP, Finding, Wish, note
from generator.doctor.snapshot import Object, Snapshot, annotations_of
from generator.profile.model import Profile
from generator.profile.storage_classes import ExistingClass

_DEFAULT = "storageclass.kubernetes.io/is-default-class"


def look(wish: Wish, snapshot: Snapshot) -> Iterator[Finding]:
    """See base.Look."""
    wanted = wish.profile.storage.default
    classes = {one["metadata"]["name"]: one for one in snapshot.all("storageclasses.storage.k8s.io")}
    defaults = sorted(name for name, one in classes.items() if _is_default(one))
    for name in sorted(set(wish.profile.storage.classes) - classes.keys()):
        yield _missing(wish, name)
    for name in defaults:
        if wanted is not None and name != wanted:
            yield Finding(
                f"class {name}", f"is a default, the profile's default is {wanted}", _mark(name, "false")
            )
    if wanted is not None and wanted in classes and wanted not in defaults:
        yield Finding(f"class {wanted}", "is the profile's default, not the cluster's", _mark(wanted, "true"))
    if wanted is None:
        yield from _unnamed(wish, defaults)


def _missing(wish: Wish, name: str) -> Finding:
    subject, message = f"class {name}", "is not in the cluster"
    if isinstance(wish.profile.storage.classes[name], ExistingClass):
        look_up = ("kubectl", "get", "storageclass")
        return Finding(subject, message, look_up, "the profile says that it is there already")
    return Finding(subject, message, UP)


def _unnamed(wish: Wish, defaults: list[str]) -> Iterator[Finding]:
    """The profile names no default: then the cluster may have one, and must where it is needed."""
    for name in defaults[1:]:
        yield Finding(f"class {name}", f"is a default beside {defaults[0]}", _mark(name, "false"))
    if not defaults and needs_default_class(wish.profile):
        yield Finding(
            "default class",
            "claims that name no class wait for ever",
            ("kubectl", "get", "storageclass"),
            "name storage.default in the profile",
        )
    if defaults:
        yield note("", f"default class {defaults[0]}")


def needs_default_class(profile: Profile) -> bool:
    """Whether a claim of the platform names no class."""
    hub, grafana = profile.jupyterhub, profile.monitoring.grafana if profile.monitoring else None
    homes = hub is not None and hub.home.storage_class is None and hub.home.volume is None
    database = hub is not None and hub.database.storage_class is None
    dashboards = grafana is not None and grafana.persistence is not None and grafana.storage_class is None
    return homes or database or dashboards


def _is_default(one: Object) -> bool:
    return annotations_of(one).get(_DEFAULT) == "true"


def _mark(name: str, value: str) -> tuple[str, ...]:
    return ("kubectl", "annotate", "storageclass", name, f"{_DEFAULT}={value}", "--overwrite")
