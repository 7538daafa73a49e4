"""The node agent as text inside a script: the same bytes wherever and whenever it is made."""

from __future__ import annotations

import base64
import bz2
import io
import tarfile
import textwrap
from functools import cache
from pathlib import Path

from generator.errors import UserError

_LINE = 100


@cache
def agent_directory() -> Path:
    """The agent's package: inside an installed labhelm, or in the clone. Raises UserError."""
    here = Path(__file__).resolve().parent
    for folder in (here / "agent", here.parents[1] / "charts" / "node-prep" / "agent"):
        if (folder / "__main__.py").is_file():
            return folder
    raise UserError(
        "the node agent (charts/node-prep/agent) is not here",
        hint="run labhelm from a clone of its repository",
    )


@cache
def agent_archive() -> str:
    """base64 of a tar.bz2 of the package `agent`.

    bzip2 has one implementation with one result; zlib's output differs between its forks.
    """
    folder = agent_directory()
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for path in sorted(folder.rglob("*.py")):
            content = path.read_bytes()
            member = tarfile.TarInfo(str(Path("agent") / path.relative_to(folder)))
            member.size, member.mode = len(content), 0o644
            archive.addfile(member, io.BytesIO(content))
    return "\n".join(textwrap.wrap(base64.b64encode(bz2.compress(buffer.getvalue())).decode(), _LINE))
