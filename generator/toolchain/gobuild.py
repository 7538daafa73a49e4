"""Programs built with Go from a committed go.mod and go.sum, which Go checks every module against."""

from __future__ import annotations

import shutil
from pathlib import Path

from generator.cluster.runner import CommandRunner
from generator.errors import CommandError
from generator.toolchain.pins import pin_of
from generator.toolchain.table import GoModule, TaggedGoModule

# Static programs also run inside other root file systems; the user's workspace and flags must not leak in.
ENVIRONMENT = {"CGO_ENABLED": "0", "GOWORK": "off", "GOFLAGS": ""}
TIMEOUT = 3600.0
HINT = (
    "Go 1.26 or newer is needed, a network for the first build (its Go modules; offline afterwards), and "
    "about 3 GB of memory and 5 GB of disk for Kubernetes' own programs; what was compiled is kept: try again"
)


def build_command(source: GoModule, output: Path, pin: Path) -> list[str]:
    """The `go build` of one program; nothing in it depends on this machine's folders."""
    # Symbols of a C library that is not here (a GPU driver's) are looked up when they are used.
    lazy = ["-extldflags=-Wl,-z,lazy"] if source.cgo else []
    tags = ["-tags", ",".join(source.tags)] if isinstance(source, TaggedGoModule) else []
    ldflags = " ".join(["-s", "-w", *lazy, *(f"-X {stamp}" for stamp in source.stamps)])
    return ["go", "build", "-C", str(pin), "-mod=readonly", "-trimpath", "-buildvcs=false", *tags,
            "-ldflags", ldflags, "-o", str(output), source.package]  # fmt: skip


def build(source: GoModule, output: Path, runner: CommandRunner) -> Path:
    """Build the program to `output`. Raises CommandError."""
    command = build_command(source, output, pin_of(source))
    if shutil.which("go") is None:
        raise CommandError(
            "Go is not on PATH", command=" ".join(command), hint=f"install Go from go.dev. {HINT}"
        )
    runner.run(
        command, env=ENVIRONMENT | ({"CGO_ENABLED": "1"} if source.cgo else {}), timeout=TIMEOUT, hint=HINT
    )
    return output
