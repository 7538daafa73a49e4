"""What must pass passes, what must not does not: the lab's policies, judged by an evaluator not ours."""

from __future__ import annotations

import pytest

from tests.render.helm_binary import ROOT, Helm, documents
from tests.render.traffic import Flow, Peer, allowed

TEAM, RELEASE = "vision", "platform"


def dask(component: str) -> Peer:
    names = {"name": "dask", "instance": "platform", "component": component}
    labels = {f"app.kubernetes.io/{key}": value for key, value in names.items()}
    return Peer(TEAM, {**labels, "labhelm.io/dask-role": component})


SCHEDULER, WORKER, NOTEBOOK = dask("scheduler"), dask("worker"), dask("notebook")
COLLEAGUE = Peer(TEAM, {"app": "experiment"})
STRANGER = Peer("elsewhere", {"app": "experiment"})
HUB_NOTEBOOK = Peer(RELEASE, {"app": "jupyterhub", "component": "singleuser-server", "release": "jupyterhub"})
PROXY = Peer("traefik", {"app.kubernetes.io/name": "traefik"})
DNS = Peer("kube-system", {"k8s-app": "kube-dns"})
MACHINE = Peer(address="192.168.11.10")
METADATA = Peer(address="169.254.169.254")
INTERNET = Peer(address="93.184.216.34")

FLOWS: dict[str, tuple[Flow, bool]] = {
    "a worker reaches the scheduler": (Flow(WORKER, SCHEDULER, 8786, name="scheduler"), True),
    "the notebook reaches the scheduler": (Flow(NOTEBOOK, SCHEDULER, 8786, name="scheduler"), True),
    "the notebook reads the dashboard": (Flow(NOTEBOOK, SCHEDULER, 8787, name="dashboard"), True),
    "workers exchange data": (Flow(WORKER, WORKER, 8788, name="worker"), True),
    "the scheduler calls a worker": (Flow(SCHEDULER, WORKER, 8788, name="worker"), True),
    "a notebook of JupyterHub computes": (Flow(HUB_NOTEBOOK, SCHEDULER, 8786, name="scheduler"), True),
    "the proxy shows the notebook": (Flow(PROXY, NOTEBOOK, 8888), True),
    "names are looked up": (Flow(COLLEAGUE, DNS, 53, "UDP"), True),
    "a team's pod reads the internet": (Flow(COLLEAGUE, INTERNET, 443), True),
    "another team reaches no scheduler": (Flow(STRANGER, SCHEDULER, 8786, name="scheduler"), False),
    "another team reaches no worker": (Flow(STRANGER, WORKER, 8788, name="worker"), False),
    "another team reaches no notebook": (Flow(STRANGER, NOTEBOOK, 8888), False),
    "another team reaches no other pod": (Flow(STRANGER, COLLEAGUE, 80), False),
    "a team's pod reaches no other team's": (Flow(COLLEAGUE, STRANGER, 80), False),
    "a team's pod reaches no machine": (Flow(COLLEAGUE, MACHINE, 22), False),
    "a worker reaches no machine": (Flow(WORKER, MACHINE, 22), False),
    "nobody reads the metadata of a cloud": (Flow(COLLEAGUE, METADATA, 80), False),
    "the proxy reaches no worker": (Flow(PROXY, WORKER, 8788, name="worker"), False),
}


@pytest.fixture(scope="module")
def answers(helms: dict[str, Helm]) -> dict[str, bool]:
    """All flows under the lab's policies."""
    always = {"global": {"customResources": "always"}}
    text = helms["helm4"].render("umbrella", [ROOT / "values/lab.yaml", always]).stdout
    policies = [one for one in documents(text) if one["kind"] == "NetworkPolicy"]
    found = allowed(policies, [flow for flow, _ in FLOWS.values()], RELEASE)
    return dict(zip(FLOWS, found, strict=True))


@pytest.mark.parametrize("what", FLOWS)
def test_a_flow(answers: dict[str, bool], what: str) -> None:
    assert answers[what] is FLOWS[what][1]


def test_without_policies_everything_passes() -> None:
    """The evaluator can say yes: a denial above is the policies' doing."""
    assert allowed([], [flow for flow, _ in FLOWS.values()], RELEASE) == [True] * len(FLOWS)
