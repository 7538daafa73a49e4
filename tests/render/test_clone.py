"""What is committed works as it stands: a fresh clone, no network, nothing of the developer's own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from generator.cluster.runner import Result, SystemRunner
from tests.render.conftest import MAJORS, without_blank_ends
from tests.render.helm_binary import KUBE_VERSION, ROOT, Helm

NO_NETWORK = ("unshare", "--net") if os.geteuid() == 0 else ("unshare", "--map-root-user", "--net")
COMMITTED = subprocess.run(
    ["git", "ls-files", "profiles/*.yaml"], cwd=ROOT, capture_output=True, text=True, check=True
).stdout.split()
NAMES = [Path(path).stem for path in COMMITTED]


def _can_cut() -> bool:
    unshare = shutil.which("unshare")
    return unshare is not None and SystemRunner().run((*NO_NETWORK, "true"), check=False).code == 0


pytestmark = pytest.mark.skipif(not _can_cut(), reason="needs unshare and the right to cut the network")


@dataclass(frozen=True)
class Clone:
    """A clone in `folder`; programs run in it with the empty `home` and no network."""

    folder: Path
    home: Path

    def run(self, *argv: str, check: bool = True) -> Result:
        """Run a program there; every folder that it could find settings or caches in is empty."""
        shutil.rmtree(self.home, ignore_errors=True)
        self.home.mkdir()
        own = {f"HELM_{kind}_HOME": str(self.home / kind.lower()) for kind in ("CACHE", "CONFIG", "DATA")}
        env = {"PATH": os.environ["PATH"], "HOME": str(self.home), "PYTHONPATH": str(self.folder), **own}
        clean = ("env", "-i", *(f"{name}={value}" for name, value in env.items()))
        return SystemRunner().run((*NO_NETWORK, *clean, *argv), cwd=str(self.folder), check=check)

    def changes(self) -> str:
        """What git sees as changed, ignored files included."""
        return self.run("git", "status", "--porcelain", "--ignored").stdout

    def template(self, helm: Helm, name: str) -> str:
        """The umbrella rendered with a profile's values, by the command of the README."""
        chart = ("platform", "charts/umbrella", "-f", f"values/{name}.yaml")
        return self.run(str(helm.program), "template", *chart, "--kube-version", KUBE_VERSION).stdout


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Clone:
    """One for all tests: none of them may change it."""
    place = tmp_path_factory.mktemp("clone")
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(place / "labhelm")], check=True)
    return Clone(place / "labhelm", place / "home")


def test_network_is_cut(clone: Clone) -> None:
    reach = "import socket; socket.create_connection(('192.0.2.1', 443), 2)"
    assert "Network is unreachable" in clone.run(sys.executable, "-c", reach, check=False).stderr


@pytest.mark.parametrize("name", NAMES)
def test_both_helms_render_the_same(clone: Clone, helms: dict[str, Helm], name: str) -> None:
    """Byte for byte but for the empty line that helm 4 puts between two documents of one template."""
    new, old = (clone.template(helms[major], name) for major in MAJORS)
    assert "\nkind: " in new
    assert without_blank_ends(new) == without_blank_ends(old)
    assert new == clone.template(helms[MAJORS[0]], name)


def test_dependency_build_changes_nothing(clone: Clone, helm: Helm) -> None:
    before = {name: clone.template(helm, name) for name in NAMES}
    clone.run(str(helm.program), "dependency", "build", "charts/umbrella")
    assert clone.changes() == ""
    assert {name: clone.template(helm, name) for name in NAMES} == before


def test_generated_files_are_committed(clone: Clone) -> None:
    result = clone.run(sys.executable, "-B", "-m", "generator", "gen", "--check", check=False)
    named = [line for line in result.stdout.splitlines() if not line.startswith((" ", "+", "-", "@"))]
    assert result.code == 0, "\n".join(named) + result.stderr
    assert clone.changes() == ""
