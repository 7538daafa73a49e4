"""What a catalogue entry says: one pinned upstream, where it goes, what must hold before the next one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from generator.base.images import Image

if TYPE_CHECKING:
    from generator.profile.model import Profile

Values = dict[str, Any]
"""Helm values as YAML knows them: what we lay over a chart's defaults."""
Level = Literal["restricted", "baseline", "privileged"]


@dataclass(frozen=True)
class Namespace:
    """Where a release lives, and the Pod Security level that its pods need.

    A `shared` one is there already (kube-system): its labels are not ours to set.
    """

    name: str
    level: Level
    shared: bool = False


@dataclass(frozen=True)
class Chart:
    """A chart of an upstream. `repository` is `https://...` or `oci://...` without the chart's name.

    `digest` is that of the OCI manifest, where it is known.
    """

    repository: str
    name: str
    version: str
    digest: str = ""

    @property
    def is_oci(self) -> bool:
        """Whether it comes from a registry of images."""
        return self.repository.startswith("oci://")

    @property
    def reference(self) -> str:
        """What people paste behind `helm pull`."""
        return f"{self.repository}/{self.name}"


@dataclass(frozen=True)
class OwnChart:
    """A chart of this project; `path` and `values` are files from its root."""

    path: str
    values: str


@dataclass(frozen=True)
class Remote:
    """A kustomization in someone's git repository: `path` in it, at a tag and the commit that it named."""

    repository: str
    path: str
    version: str
    commit: str = ""

    @property
    def reference(self) -> str:
        """What kustomize takes as a resource: the commit decides where it is known, as tags can move."""
        return f"{self.repository}//{self.path}?ref={self.commit or self.version}"


@dataclass(frozen=True)
class Objects:
    """Plain manifests in a folder of their own, applied server-side with kustomize.

    `files` makes their texts from the profile; `remotes` are upstream kustomizations that they stand on.
    `patches` are kustomize's, over what the remotes bring.
    """

    files: Callable[[Profile], Mapping[str, list[Values]]] = lambda _: {}
    remotes: tuple[Remote, ...] = ()
    patches: Callable[[Profile], list[Values]] = lambda _: []
    components: Callable[[Profile], Values] = lambda _: {}


Source = Chart | OwnChart | Objects


@dataclass(frozen=True)
class Crds:
    """These CustomResourceDefinitions are Established: whoever creates such objects would fail before."""

    names: tuple[str, ...]


@dataclass(frozen=True)
class Rollout:
    """These workloads are available: `kind/name` in the release's namespace."""

    workloads: tuple[str, ...]


@dataclass(frozen=True)
class Webhook:
    """The admission webhook has its certificate and its Service has an endpoint.

    `configuration` is `validatingwebhookconfiguration/NAME` or `mutatingwebhookconfiguration/NAME`.
    """

    configuration: str
    service: str


@dataclass(frozen=True)
class DefaultClass:
    """Exactly one StorageClass is the default, under this name."""

    name: str


@dataclass(frozen=True)
class NodesReady:
    """All nodes are Ready: without a pod network none is."""


Ready = Crds | Rollout | Webhook | DefaultClass | NodesReady


@dataclass(frozen=True)
class SecretWish:
    """A Secret that must be there before the release, in its namespace or the one named here.

    `keys` with a text are filled with it, those with "" with 32 random letters and digits, unless `ask` says
    that only the team can know them. `copied` keys are the same as a key of another Secret:
    (namespace, name, key).
    """

    name: str
    keys: Mapping[str, str]
    ask: bool = False
    namespace: str = ""
    copied: Mapping[str, tuple[str, str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Entry:
    """One row of the catalogue.

    `name` is the release's name and the file's, the same in every profile. `wave` orders entries, `needs`
    names entries that must be ready before, where they are installed at all. `defaults` and `schema` are the
    upstream's files that the values are checked against; `optional` are key paths that its templates read
    though the defaults lack them. `crds_in_chart` tells that helm itself brings definitions. `timeout` in
    seconds. `traps` is what people fall into, one sentence each.
    """

    name: str
    title: str
    source: Source
    namespace: Callable[[Profile], Namespace] | Namespace
    wave: int
    licence: str
    enabled: Callable[[Profile], bool]
    values: Callable[[Profile], Values] = lambda _: {}
    images: Callable[[Profile], tuple[Image, ...]] | tuple[Image, ...] = ()
    needs: tuple[str, ...] = ()
    ready: Callable[[Profile], tuple[Ready, ...]] | tuple[Ready, ...] = ()
    defaults: str = ""
    schema: str = ""
    optional: tuple[str, ...] = ()
    secrets: Callable[[Profile], tuple[SecretWish, ...]] = lambda _: ()
    release: Callable[[Profile], str] | None = None
    crds_in_chart: bool = False
    timeout: int = 600
    traps: tuple[str, ...] = field(default=(), repr=False)

    def namespace_in(self, profile: Profile) -> Namespace:
        """Where it lives in this profile."""
        return self.namespace(profile) if callable(self.namespace) else self.namespace

    def images_in(self, profile: Profile) -> tuple[Image, ...]:
        """The images that it runs in this profile."""
        return self.images(profile) if callable(self.images) else self.images

    def ready_in(self, profile: Profile) -> tuple[Ready, ...]:
        """What must hold before the next wave."""
        return self.ready(profile) if callable(self.ready) else self.ready

    def release_in(self, profile: Profile) -> str:
        """The helm release's name."""
        return self.release(profile) if self.release else self.name
