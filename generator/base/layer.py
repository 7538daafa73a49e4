"""The base layer of one profile, resolved: what every way of delivery is written from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.base import wanted
from generator.base.images import Image, rewriting
from generator.base.model import Chart, Namespace, Objects, OwnChart, Ready, SecretWish, Source, Values
from generator.base.waves import NAMESPACES
from generator.overriding import overlay

if TYPE_CHECKING:
    from generator.base.model import Entry
    from generator.profile.model import Profile


@dataclass(frozen=True)
class Release:
    """One thing to install. `key` names it in the plan and its files; `needs` only what is there as well.

    `values` are laid over a chart's defaults; `manifests` are files of plain objects, by name.
    `source` says which of the two there are. `defaults`, `schema` and `optional` are the catalogue's.
    """

    key: str
    name: str
    title: str
    namespace: Namespace
    wave: int
    source: Source
    needs: tuple[str, ...]
    ready: tuple[Ready, ...]
    secrets: tuple[SecretWish, ...]
    images: tuple[Image, ...]
    values: Values
    manifests: Mapping[str, list[Values]]
    patches: tuple[Values, ...]
    components: Values
    crds_in_chart: bool
    timeout: int
    defaults: str = ""
    schema: str = ""
    optional: tuple[str, ...] = ()


@dataclass(frozen=True)
class Layer:
    """All releases of a profile, in the order of installation."""

    name: str
    registry: str
    releases: tuple[Release, ...]

    def __getitem__(self, key: str) -> Release:
        return next(one for one in self.releases if one.key == key)

    @property
    def waves(self) -> dict[int, tuple[Release, ...]]:
        """The releases of each wave that has any."""
        numbers = dict.fromkeys(one.wave for one in self.releases)
        return {number: tuple(one for one in self.releases if one.wave == number) for number in numbers}

    def charts(self) -> tuple[tuple[Release, Chart], ...]:
        """The releases that come from an upstream's chart."""
        return tuple((one, one.source) for one in self.releases if isinstance(one.source, Chart))


def layer_of(profile: Profile) -> Layer:
    """The base layer of a profile that has no error."""
    entries = wanted(profile)
    keys = {entry.name for entry in entries}
    releases = [_release(entry, profile, keys) for entry in entries]
    return Layer(profile.name, profile.registry or "", (_namespaces(releases), *releases))


def _release(entry: Entry, profile: Profile, keys: set[str]) -> Release:
    images = entry.images_in(profile)
    objects = entry.source if isinstance(entry.source, Objects) else Objects()
    return Release(
        key=entry.name,
        name=entry.release_in(profile),
        title=entry.title,
        namespace=entry.namespace_in(profile),
        wave=entry.wave,
        source=_located(entry.source, profile),
        needs=(NAMESPACE_KEY, *(name for name in entry.needs if name in keys)),
        ready=entry.ready_in(profile),
        secrets=entry.secrets(profile),
        images=tuple(image for image in images if image.reference),
        values=overlay(entry.values(profile), rewriting(images, profile.registry)),
        manifests=objects.files(profile),
        patches=tuple(objects.patches(profile)),
        components=objects.components(profile),
        crds_in_chart=entry.crds_in_chart,
        timeout=entry.timeout,
        defaults=entry.defaults,
        schema=entry.schema,
        optional=entry.optional,
    )


def _located(source: Source, profile: Profile) -> Source:
    if isinstance(source, OwnChart):
        return OwnChart(source.path, source.values.format(name=profile.name))
    return source


NAMESPACE_KEY = "namespaces"


def _namespaces(releases: list[Release]) -> Release:
    """One namespace each, though several releases share some; a shared one is not ours to label."""
    own = {one.namespace.name: one.namespace for one in releases if not one.namespace.shared}
    manifests = [_namespace(own[name]) for name in sorted(own)]
    return Release(
        key=NAMESPACE_KEY,
        name=NAMESPACE_KEY,
        title="Namespaces with their Pod Security levels",
        namespace=Namespace("kube-system", "privileged", shared=True),
        wave=NAMESPACES.number,
        source=Objects(),
        needs=(),
        ready=(),
        secrets=(),
        images=(),
        values={},
        manifests={"namespaces.yaml": manifests} if manifests else {},
        patches=(),
        components={},
        crds_in_chart=False,
        timeout=60,
    )


def _namespace(namespace: Namespace) -> Values:
    prefix = "pod-security.kubernetes.io"
    labels = {f"{prefix}/{mode}": namespace.level for mode in ("enforce", "audit", "warn")}
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace.name, "labels": labels}}
