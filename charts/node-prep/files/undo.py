"""Before the release is deleted: its agents take back what they changed, node by node."""

from __future__ import annotations

import os
import sys
import time
from typing import Any

from agent.errors import KubeError
from agent.kube.client import STRATEGIC, in_cluster

POLL_SECONDS = 3.0
UNDO = {
    "spec": {
        # All at once: the Lease lets them work one after the other.
        "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": "100%"}},
        "template": {"spec": {"containers": [{"name": "agent", "env": [{"name": "MODE", "value": "undo"}]}]}},
    }
}


def main() -> int:
    """Turn the DaemonSets to undo and wait for their pods, which are ready once a node is as it was."""
    api, path = in_cluster(), f"/apis/apps/v1/namespaces/{os.environ['NAMESPACE']}/daemonsets"
    selector = os.environ["SELECTOR"]
    for item in api.get(path, labelSelector=selector)["items"]:
        api.patch(f"{path}/{item['metadata']['name']}", UNDO, STRATEGIC)
    deadline = time.monotonic() + float(os.environ["TIMEOUT_SECONDS"])
    left = ["nothing seen yet"]
    while time.monotonic() < deadline:
        try:
            left = [why for item in api.get(path, labelSelector=selector)["items"] if (why := _left(item))]
        except KubeError as error:
            # The control plane's own node may just be changing.
            left = [str(error)]
        if not left:
            print("every node is as it was before")
            return 0
        time.sleep(POLL_SECONDS)
    print("not undone in time:", *left, "see the agents' logs; then uninstall again", sep="\n")
    return 1


def _left(item: dict[str, Any]) -> str:
    status, wanted = item["status"], item["status"]["desiredNumberScheduled"]
    seen = status.get("observedGeneration", 0) >= item["metadata"]["generation"]
    done = min(status.get("updatedNumberScheduled", 0), status.get("numberReady", 0))
    return "" if seen and done == wanted else f"{item['metadata']['name']}: {done} of {wanted} nodes"


sys.exit(main())
