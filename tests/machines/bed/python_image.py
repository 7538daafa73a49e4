"""Images with Python 3 for pods that do something; with packages from pip where a test needs them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from generator.cluster.runner import CommandRunner
from tests.conftest import ROOT
from tests.machines.bed.archive import Image, Tree
from tests.machines.bed.images import bundle
from tests.machines.bed.rootfs import ensure_root

PYTHON = "labhelm.test/python:1"
PACKAGES = ("python3", "iproute2", "iputils-ping", "curl", "util-linux", "procps")
# Of the Debian release that the image is made of.
VERSION = "3.11"
SITE = "usr/lib/python3/dist-packages"


def python(runner: CommandRunner) -> Path:
    """The archive with the image `PYTHON`: Debian with Python 3, ping, curl and nsenter."""
    root = ensure_root("python", PACKAGES, runner)
    return bundle("python", [str(root)], lambda _: [Image((PYTHON,), (Tree(root),), ("python3",))])


def python_with(name: str, requirements: Sequence[str], runner: CommandRunner) -> Path:
    """The archive with the image `labhelm.test/<name>:1`: `PYTHON` and packages by pip (wheels alone).

    Pin them all: the image is made anew only when `requirements` change.
    """
    root = ensure_root("python", PACKAGES, runner)

    def images(scratch: Path) -> list[Image]:
        tree = scratch / "packages"
        _pip_install(requirements, tree, runner)
        return [Image((f"labhelm.test/{name}:1",), (Tree(root), Tree(tree)), ("python3",))]

    return bundle(name, [str(root), *requirements], images)


def pinned(name: str) -> list[str]:
    """The pins of ci/tools/<name>-requirements.txt, one with its marker each, for `python_with`."""
    lines = (ROOT / f"ci/tools/{name}-requirements.txt").read_text().splitlines()
    return [line.rstrip(" \\") for line in lines if line and line[0].isalnum()]


def _pip_install(requirements: Sequence[str], tree: Path, runner: CommandRunner) -> None:
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--only-binary=:all:"]
    pip += [f"--python-version={VERSION}", f"--target={tree / SITE}"]
    # In a pod nobody may write there: what is not compiled now is compiled anew by each process.
    if f"{sys.version_info.major}.{sys.version_info.minor}" != VERSION:
        pip.append("--no-compile")
    runner.run([*pip, *requirements], timeout=900)
    scripts = tree / "usr/local/bin"
    scripts.mkdir(parents=True)
    for script in (tree / SITE / "bin").glob("*"):
        head, _, body = script.read_bytes().partition(b"\n")
        # pip wrote the interpreter of this host.
        (scripts / script.name).write_bytes(
            (b"#!/usr/bin/python3" if b"python" in head else head) + b"\n" + body
        )
        (scripts / script.name).chmod(0o755)
