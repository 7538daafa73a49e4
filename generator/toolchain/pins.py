"""The committed pins under ci/tools: requirements with hashes, go.mod and go.sum."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from generator.errors import UserError
from generator.toolchain.table import GoModule, Tool, Wheel


@cache
def pins_dir() -> Path:
    """The folder of the pins: inside an installed package, or ci/tools of a clone. Raises UserError."""
    here = Path(__file__).resolve().parent
    for folder in (here / "pinned", here.parent.parent / "ci" / "tools"):
        if (folder / "helm-4.txt").is_file():
            return folder
    raise UserError(
        "the pins of the tools (ci/tools) are not here", hint="run labhelm from a clone of its repository"
    )


def pin_of(source: Wheel | GoModule) -> Path:
    """The requirements file of a wheel, or the folder of a Go module."""
    return pins_dir() / (source.requirements if isinstance(source, Wheel) else source.folder)


@cache
def fingerprint(tool: Tool) -> str:
    """Changes when anything changes that the tool is made of, so that a stale copy is never used."""
    pin = pin_of(tool.source)
    files = (
        sorted(file for file in pin.iterdir() if file.suffix in {".mod", ".sum", ".go"})
        if pin.is_dir()
        else [pin]
    )
    digest = hashlib.sha256(repr(tool.source).encode())
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
