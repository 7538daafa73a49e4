"""Dask and Jupyter in a virtual environment of their own, made once and kept in the cache."""

from __future__ import annotations

import hashlib
import shutil
import sys
from pathlib import Path

from generator.cluster.runner import SystemRunner
from generator.toolchain.cache import cache_dir, lock
from tests.conftest import ROOT

REQUIREMENTS = ROOT / "ci/tools/dask-requirements.txt"
INSTALL_SECONDS = 600.0


def dask_venv() -> Path:
    """The environment's folder; the pins' checksum is in its name, so new pins make a new one."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    pins = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()[:12]
    folder = cache_dir() / "python" / f"dask-{version}-{pins}"
    with lock(folder.name, lambda: None):
        if not (folder / "complete").exists():
            _make(folder)
    return folder


def _make(folder: Path) -> None:
    runner = SystemRunner()
    shutil.rmtree(folder, ignore_errors=True)
    runner.run((sys.executable, "-m", "venv", str(folder)), timeout=INSTALL_SECONDS)
    pip = (str(folder / "bin/python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    install = ("nice", *pip, "--only-binary=:all:", "--require-hashes", "-r", str(REQUIREMENTS))
    runner.run(install, timeout=INSTALL_SECONDS)
    (folder / "complete").touch()
