"""kapitan, pinned, in an environment of its own, and a target of about the lab's size for it."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import yaml

from generator.cluster.runner import SystemRunner
from generator.toolchain.cache import cache_dir, lock

REQUIREMENTS = Path(__file__).resolve().parents[2] / "ci" / "tools" / "bench-requirements.txt"
TEMPLATES = 30

_TEMPLATE = """\
{{%- set lab = inventory.parameters.lab %}}
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{{{ lab.name }}}}-{number}
  namespace: {{{{ lab.teams[0].name }}}}
  labels:
    app.kubernetes.io/part-of: {{{{ lab.name }}}}
data:
{{%- for node in lab.nodes %}}
  {{{{ node.name }}}}: "{{{{ node.address }}}} {{{{ node.cpu }}}} {{{{ node.memory }}}}"
{{%- endfor %}}
{{%- for team in lab.teams %}}
  team-{{{{ team.name }}}}: "{{{{ team.quota.cpu }}}} {{{{ team.quota.memory }}}}"
{{%- endfor %}}
"""


def ensure_kapitan() -> Path:
    """The program, from our cache or installed now. Raises CommandError when pip cannot bring it."""
    digest = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()[:12]
    folder = cache_dir() / "bench" / f"kapitan-{digest}"
    program, finished = folder / "bin" / "kapitan", folder / "finished"
    with lock(f"bench-{digest}", lambda: None):
        if not finished.is_file():
            runner = SystemRunner()
            runner.run([sys.executable, "-m", "venv", "--clear", str(folder)], timeout=300)
            runner.run(
                [str(folder / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check",
                 "--only-binary=:all:", "--require-hashes", "-r", str(REQUIREMENTS)],
                timeout=900, hint="the first `make bench` needs pip's package index; later ones do not",
            )  # fmt: skip
            finished.touch()
    return program


def write_target(lab: Path, folder: Path) -> None:
    """One target whose parameters are the lab profile, and 30 small jinja files that use them."""
    profile = yaml.safe_load(lab.read_text())
    outputs = {"output_path": "manifests", "input_type": "jinja2", "input_paths": ["templates"]}
    parameters = {
        "lab": profile,
        "kapitan": {"vars": {"target": "lab"}, "compile": [outputs]},
    }
    targets = folder / "inventory" / "targets"
    targets.mkdir(parents=True)
    (folder / "inventory" / "classes").mkdir()
    (targets / "lab.yml").write_text(yaml.safe_dump({"parameters": parameters}))
    templates = folder / "templates"
    templates.mkdir()
    for number in range(TEMPLATES):
        (templates / f"part-{number:02}.yaml").write_text(_TEMPLATE.format(number=number))
