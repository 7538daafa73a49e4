"""The bare import of the libraries that `labhelm gen` uses: the yardstick for its own start."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

LAZY = "import click, jinja2, pydantic, yaml"
"""pydantic loads most of itself only when a name is asked for; this loads hardly any of it."""

_LIST = """
import sys
from generator.cli import main
try:
    main(["gen", "lab", "--check"])
except SystemExit:
    pass
found = [n for n, m in sys.modules.items() if "site-packages" in (getattr(m, "__file__", None) or "")]
print("import " + ", ".join(found))
"""


def same_modules(project: Path, env: Mapping[str, str]) -> str:
    """A program that imports the library modules that `gen` has loaded at its end, and does no more."""
    listed = subprocess.run(
        [sys.executable, "-c", _LIST], cwd=project, env=dict(env), capture_output=True, text=True, check=True
    )
    return listed.stdout.splitlines()[-1]
