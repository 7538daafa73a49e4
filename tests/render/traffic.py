"""Who may talk to whom under rendered NetworkPolicies, as an evaluator says that is not ours: cyclonus."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from generator.cluster.runner import SystemRunner
from generator.toolchain import SilentProgress, ensure

Document = dict[str, Any]
_ANSWER = re.compile(r"IS ALLOWED\? \| +(TRUE|FALSE)")


@dataclass(frozen=True)
class Peer:
    """A pod by namespace and labels, or an address outside."""

    namespace: str = ""
    labels: dict[str, str] = field(default_factory=dict)
    address: str = "10.244.1.5"

    def as_json(self) -> Document:
        """As cyclonus wants it; a namespace has the label with its name, as Kubernetes gives it."""
        inside = {
            "PodLabels": self.labels,
            "NamespaceLabels": {"kubernetes.io/metadata.name": self.namespace},
            "Namespace": self.namespace,
        }
        return {"Internal": inside if self.namespace else None, "IP": self.address}


@dataclass(frozen=True)
class Flow:
    """A connection that somebody tries; `name` is that of the container's port."""

    source: Peer
    destination: Peer
    port: int
    protocol: str = "TCP"
    name: str = ""


def allowed(policies: Sequence[Document], flows: Sequence[Flow], namespace: str) -> list[bool]:
    """For each flow whether the policies let it pass; `namespace` is where policies without one go."""
    cyclonus = ensure("cyclonus", runner=SystemRunner(), progress=SilentProgress())
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "policies").mkdir()
        for number, policy in enumerate(policies):
            placed = {**policy, "metadata": {"namespace": namespace, **policy["metadata"]}}
            (folder / "policies" / f"{number}.yaml").write_text(yaml.safe_dump(placed))
        (folder / "traffic.json").write_text(json.dumps([_traffic(flow) for flow in flows]))
        where = (f"--policy-path={folder}/policies", f"--traffic-path={folder}/traffic.json")
        said = SystemRunner().run((str(cyclonus), "analyze", "--mode=query-traffic", *where), timeout=60)
    return [word == "TRUE" for word in _ANSWER.findall(said.stdout)]


def _traffic(flow: Flow) -> Document:
    return {
        "Source": flow.source.as_json(),
        "Destination": flow.destination.as_json(),
        "ResolvedPort": flow.port,
        "ResolvedPortName": flow.name,
        "Protocol": flow.protocol,
    }
