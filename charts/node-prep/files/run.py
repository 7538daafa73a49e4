"""One run of the node agent: the group's settings and the node's own labels and taints become one file."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
SETTINGS = HERE / "node-settings.json"


def main(command: list[str]) -> int:
    """Run a command of the agent on this node; its exit code."""
    settings = json.loads((HERE / "settings.json").read_text(encoding="utf-8"))
    nodes = json.loads((HERE / "nodes.json").read_text(encoding="utf-8"))
    settings["node"].update(nodes.get(os.environ["NODE_NAME"], {}))
    SETTINGS.write_text(json.dumps(settings), encoding="utf-8")

    from agent.cli import main as agent

    folder = os.environ.get("METRICS_DIR", "/run/node-prep/metrics")
    metrics = f"{folder}/labhelm-node-prep.prom"
    return agent([*command, "--settings", str(SETTINGS), "--root", "/host", "--metrics", metrics])


sys.exit(main(sys.argv[1:]))
