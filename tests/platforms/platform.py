"""One platform's cluster and release, and the life that each of them goes through."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from generator.cluster.kubectl import Kubectl
from generator.cluster.local import LocalCluster
from generator.cluster.manifests import Manifest
from generator.cluster.runner import SystemRunner
from generator.cluster.simulated import simulated_base, simulated_nodes
from generator.doctor.expected import wish_of
from generator.generation import umbrella_values
from generator.profile.model import Profile
from tests.cluster.custom_resources import are_established
from tests.cluster.live_objects import Key, eventually, release_objects
from tests.cluster.platform_release import UMBRELLA, PlatformRelease
from tests.cluster.test_life import (
    Data,
    assert_only,
    assert_same,
    profile_of,
    volumes_and_claims,
    written,
)
from tests.conftest import ROOT

NAMESPACE = "default"
_CONSOLE = re.compile(r"```console\n(.*?)```", re.DOTALL)


@dataclass(frozen=True)
class Platform:
    """A guide's platform: `data` is its profile as it is written."""

    data: Data
    cluster: LocalCluster

    @property
    def profile(self) -> Profile:
        """The profile, checked."""
        return profile_of(self.data)

    @property
    def kubectl(self) -> Kubectl:
        """As its administrator."""
        return self.cluster.kubectl()

    @property
    def release(self) -> PlatformRelease:
        """The umbrella, by helm 4."""
        return PlatformRelease(self.cluster.helm(4), NAMESPACE)

    @property
    def teams(self) -> list[str]:
        """Namespaces of its teams."""
        return [team.team_namespace for team in self.profile.teams]

    def prepare(self, upstream: Path) -> None:
        """Its machines, and what the base layer would have brought: APIs, namespaces, a RuntimeClass."""
        self.cluster.start(simulated_nodes(self.profile))
        manifests = self.manifests()
        if crds := [f"--filename={file}" for file in _crds(upstream, manifests)]:
            self.kubectl.run("create", *crds)
            eventually(lambda: are_established(self.kubectl))
        if base := simulated_base(self.profile):
            self.kubectl.apply(base)
        places = {one["metadata"].get("namespace") for one in manifests}
        for name in sorted(({NAMESPACE} | places) - {None, *self.teams} - self._namespaces()):
            self.kubectl.run("create", "namespace", str(name))

    def manifests(self) -> Sequence[Manifest]:
        """All that its charts make, custom resources too."""
        return wish_of(self.profile, self.cluster.helm(4), Path(UMBRELLA), "platform", NAMESPACE).manifests

    def install(self, data: Data | None = None) -> None:
        """Install or upgrade with this profile, and wait."""
        self.release.upgrade(umbrella_values(profile_of(data or self.data)))

    def follow(self, page: str) -> None:
        """Type the commands of a page of docs/how-to as written; the context is this cluster."""
        access = self.cluster.access()
        where = f"--kubeconfig {access.kubeconfig} --context {access.context}"
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        for block in _CONSOLE.findall((ROOT / "docs/how-to" / page).read_text()):
            for line in block.splitlines():
                command = line.replace("--context NAME", where)
                argv = (*access.prefix, "sh", "-c", command)
                SystemRunner().run(argv, env={"PATH": path, "COLUMNS": "80"}, cwd=str(ROOT), timeout=300)

    def bound(self) -> dict[str, dict[str, tuple[str, str, str]]]:
        """Claims of each team with their volumes, all of them Bound."""
        return {team: volumes_and_claims(self.kubectl, team) for team in self.teams}

    def kept(self) -> set[Key]:
        """What stays when the release goes: the teams' namespaces, claims and volumes."""
        return {key for team in self.teams for key in _data(self.kubectl, team)}

    def objects(self, kind: str, namespace: str = "") -> dict[str, Manifest]:
        """Live objects by name."""
        return {one["metadata"]["name"]: one for one in self.kubectl.get_all(kind, namespace=namespace)}

    def _namespaces(self) -> set[str | None]:
        return set(self.objects("namespace"))


def platform_named(name: str, state: Path) -> Platform:
    """The platform of `profiles/<name>.yaml`."""
    return Platform(written(name), LocalCluster(name, state_dir=state))


def live(platform: Platform, changed: Data) -> None:
    """Installed already: change, roll back, uninstall, install again. Data is there each time."""
    kubectl = platform.kubectl
    before = release_objects(kubectl, "platform")
    bound = platform.bound()
    platform.install(changed)
    for team, claims in platform.bound().items():
        assert claims.items() >= bound[team].items()
    platform.release.rollback(1)
    kept = platform.kept() | _data_of_new_teams(kubectl, changed)
    eventually(lambda: assert_same(before, release_objects(kubectl, "platform"), kept))
    platform.release.uninstall()
    eventually(lambda: assert_only(set(), set(release_objects(kubectl, "platform")) - kept))
    platform.install()
    for team, claims in platform.bound().items():
        assert claims.items() >= bound[team].items()


def _data_of_new_teams(kubectl: Kubectl, changed: Data) -> set[Key]:
    return {key for team in changed["teams"] for key in _data(kubectl, team["name"])}


def _data(kubectl: Kubectl, team: str) -> Iterator[Key]:
    yield Key("Namespace", "", team)
    for name, (_, volume, _) in volumes_and_claims(kubectl, team).items():
        yield Key("PersistentVolumeClaim", team, name)
        yield Key("PersistentVolume", "", volume)


def _crds(upstream: Path, manifests: Sequence[Manifest]) -> Iterator[Path]:
    """Of every API group that the platform has objects of."""
    wanted = {one["apiVersion"].partition("/")[0] for one in manifests}
    for file in sorted((upstream / "crds").glob("*/*.yaml")):
        documents: list[Any] = [one for one in yaml.load_all(file.read_text(), yaml.CSafeLoader) if one]
        if wanted & {one["spec"].get("group") for one in documents if "spec" in one}:
            yield file
