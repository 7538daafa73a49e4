"""`helm test`: every node says what its agent found; in apply mode those that opted in are prepared."""

from __future__ import annotations

import os
import sys
from typing import Any

from agent.kube.client import in_cluster
from agent.names import CONDITION


def main() -> int:
    """Print a line for each node; 1 when one is not as it should be."""
    nodes = in_cluster().get("/api/v1/nodes", labelSelector="kubernetes.io/os=linux")["items"]
    faults = [fault for node in nodes if (fault := _fault(node))]
    print("\n".join(faults) or f"{len(nodes)} nodes are as they should be")
    return 1 if faults else 0


def _fault(node: dict[str, Any]) -> str:
    name, labels = node["metadata"]["name"], node["metadata"].get("labels", {})
    found = next((one for one in node["status"]["conditions"] if one["type"] == CONDITION), None)
    if found is None:
        return f"{name}: no agent has reported; is its pod running?"
    print(f"{name}: {CONDITION}={found['status']} {found['reason']}: {found['message']}")
    opted_in = os.environ["MODE"] == "apply" and labels.get(os.environ["OPT_IN_LABEL"]) == "apply"
    return f"{name}: opted in, but not prepared" if opted_in and found["status"] != "True" else ""


sys.exit(main())
