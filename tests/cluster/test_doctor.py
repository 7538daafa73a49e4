"""Doctor on a real API server: a platform is broken in many ways at once, and mended by the printed commands.

Nodes are simulated; where a controller is missing (GPU plugin, MetalLB, cert-manager), the test writes the
status that it would write. About 45 seconds.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from generator.cluster.local import LocalCluster
from generator.cluster.simulated import simulated_base, simulated_nodes
from generator.doctor.checks import CHECKS
from tests.cluster.accounts import as_account
from tests.cluster.clinic import PLUGIN, PROFILE, Clinic, Report, make_folder, make_project
from tests.cluster.live_objects import eventually

SERVICES = ("platform-dask-scheduler", "platform-dask-notebook")


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    folder = tmp_path_factory.mktemp("clinic")
    make_folder(folder, [("username", "ada"), ("password", "not a real one")])
    one = Clinic(LocalCluster("clinic", state_dir=folder / "state"), make_project(folder), folder)
    profile = one.wish().profile
    try:
        one.cluster.start(simulated_nodes(profile))
        one.kubectl.apply(simulated_base(profile))
        one.kubectl.apply(PLUGIN)
        yield one
    finally:
        one.cluster.stop()


@pytest.fixture(scope="module")
def installed(clinic: Clinic, upstream: Path) -> Report:
    """Installed before the cluster knew monitoring, and by hand with another value."""
    clinic.bring_namespaces()
    clinic.bring_apis(upstream, monitoring=False)
    done = clinic.labhelm("up", "--set dask.worker.replicas=2")
    assert done.returncode == 0, done.stderr
    return clinic.doctor()


@pytest.fixture(scope="module")
def healthy(clinic: Clinic, installed: Report, upstream: Path) -> Report:
    """All that was printed is done; controllers that are not here have written their status."""
    clinic.bring_apis(upstream, monitoring=True)
    mend(clinic, installed)
    write_status(clinic)
    return clinic.doctor()


@pytest.fixture(scope="module")
def broken(clinic: Clinic, healthy: Report) -> Report:
    """Everything in BREAKS at once."""
    assert healthy.all() == []
    for breach in BREAKS:
        for command in breach.commands:
            done = clinic.type(f"kubectl --kubeconfig {config(clinic)} {command}")
            assert done.returncode == 0, done.stderr
    clinic.patch_status("node", "kitt", {"allocatable": {"nvidia.com/gpu": "2"}})
    clinic.patch_status("node", "karr", {"nodeInfo": {"kubeletVersion": "v1.37.0"}})
    clinic.patch_status("node", "bonnie", {"conditions": [prepared("True")]})
    clinic.patch_status("node", "kitt", {"conditions": [prepared("False")]})
    clinic.patch_status("service", SERVICES[0], {"loadBalancer": {"ingress": [{"ip": "10.0.0.7"}]}}, "vision")
    issued(clinic, "False")
    return clinic.doctor()


@pytest.fixture(scope="module")
def mended(clinic: Clinic, broken: Report) -> Report:
    issued(clinic, "True")  # helm waits for certificates too
    mend(clinic, broken)
    write_status(clinic)
    clinic.kubectl.delete("node", "stranger")
    clinic.kubectl.delete("service", "more", namespace="default")
    return clinic.doctor()


def config(clinic: Clinic) -> str:
    return str(clinic.cluster.access().kubeconfig)


def mend(clinic: Clinic, report: Report) -> None:
    """Every printed command, as it is printed: each works, also those that only look."""
    for command in report.fixes():
        if not command.startswith("helm "):  # what it installs comes from the internet
            words = command.replace("labhelm up", f"labhelm --root {clinic.project} up")
            done = clinic.type(words, stdin="a value\n")
            assert done.returncode == 0, (command, done.stdout, done.stderr)


def write_status(clinic: Clinic) -> None:
    """What controllers would write that are not here."""
    clinic.patch_status("node", "kitt", {"allocatable": {"nvidia.com/gpu": "8"}})
    clinic.patch_status("node", "karr", {"nodeInfo": {"kubeletVersion": clinic.kubectl.server_version()}})
    for name in ("bonnie", "kitt", "karr"):
        clinic.patch_status("node", name, {"conditions": [prepared("True")]})
    for index, name in enumerate(SERVICES):
        given = {"loadBalancer": {"ingress": [{"ip": f"192.168.11.{100 + index}"}]}}
        clinic.patch_status("service", name, given, "vision")
    issued(clinic, "True")
    clinic.kubectl.wait("pvc", until="jsonpath={.status.phase}=Bound", namespace="vision", timeout=60)


def issued(clinic: Clinic, status: str) -> None:
    now = "2026-01-01T00:00:00Z"
    ready = {"type": "Ready", "status": status, "message": "said by the test", "lastTransitionTime": now}
    for one in clinic.kubectl.get_all("certificates"):
        place = one["metadata"]
        clinic.patch_status("certificate", place["name"], {"conditions": [ready]}, place["namespace"])


def prepared(status: str) -> dict[str, Any]:
    now = "2026-01-01T00:00:00Z"
    return {
        "type": "NodePrepared",
        "status": status,
        "reason": "Pending",
        "message": "2 changes wait",
        "lastHeartbeatTime": now,
        "lastTransitionTime": now,
    }


@dataclass(frozen=True)
class Break:
    """What somebody did, by kubectl; and what doctor must say, by check."""

    check: str
    subject: str
    says: str
    commands: tuple[str, ...] = ()


BREAKS = (
    Break("nodes", "node kitt", "cordoned", ("cordon kitt",)),
    Break(
        "nodes",
        "node bonnie",
        "has not the label of a control plane",
        ("label node bonnie node-role.kubernetes.io/control-plane-",),
    ),
    Break(
        "nodes",
        "node stranger",
        "not in the profile",
        ("create -f stranger.json",),
    ),
    Break(
        "labels",
        "node bonnie",
        "label labhelm.io/system is missing",
        ("label node bonnie labhelm.io/system-",),
    ),
    Break(
        "labels",
        "node karr",
        "taint example.org/dedicated:PreferNoSchedule is missing",
        ("taint node karr example.org/dedicated-",),
    ),
    Break(
        "labels",
        "node karr",
        "taint mine=1:PreferNoSchedule is not in the profile",
        ("taint node karr mine=1:PreferNoSchedule",),
    ),
    Break("gpus", "node kitt", "advertises 2 nvidia.com/gpu, the profile says 8 (2 x 4)"),
    Break("versions", "node karr", "v1.37.0 is newer than the API server"),
    Break("node-prep", "node kitt", "is not prepared: Pending: 2 changes wait"),
    Break(
        "storage-class",
        "class nfs",
        "is the profile's default, not the cluster's",
        ("annotate storageclass nfs storageclass.kubernetes.io/is-default-class-",),
    ),
    Break(
        "storage-class",
        "class other",
        "is a default, the profile's default is nfs",
        ("create -f other-class.json",),
    ),
    Break("volumes", "volume vision.archive", "is Released", ("delete pvc archive -n vision",)),
    Break("volumes", "claim vision/archive", "is not in the cluster"),
    Break("quotas", "quota vision", "requests.cpu is not limited, the profile says 32", (
        "delete quota platform-teams-quota -n vision",
        "create quota platform-teams-quota -n vision --hard=requests.memory=1Mi,requests.nvidia.com/gpu=4",
    )),
    Break("quotas", "quota vision", "of 1Mi requests.memory are used"),
    Break("secrets", "secret vision/nas", "is missing", ("delete secret nas -n vision",)),
    Break(
        "secrets",
        "secret vision/platform-dask-notebook",
        "is missing",
        ("delete secret platform-dask-notebook -n vision",),
    ),
    Break("load-balancer", f"service vision/{SERVICES[0]}", "has the address 10.0.0.7, the pool is 192"),
    Break(
        "load-balancer",
        "service default/more",
        "has no address yet",
        ("create service loadbalancer more --tcp=80",),
    ),
    Break("certificates", "certificate vision/pages", "is not issued: said by the test"),
    Break(
        "monitors",
        "servicemonitor vision/platform-dask-scheduler",
        "main does not select its labels",
        ("label servicemonitor platform-dask-scheduler -n vision release-",),
    ),
    Break(
        "custom-resources",
        "poddefault vision/data",
        "is not in the cluster",
        ("delete poddefault data -n vision",),
    ),
    Break(
        "pod-defaults",
        "namespace vision",
        "has not the label app.kubernetes.io/part-of=kubeflow-profile",
        ("label namespace vision app.kubernetes.io/part-of-",),
    ),
)  # fmt: skip


def test_before_the_apis_are_there_it_names_what_helm_left_out(installed: Report) -> None:
    assert installed.code == 1
    (skipped,) = installed.findings("custom-resources")
    assert skipped["subject"] == "monitoring.coreos.com/v1"
    assert "ServiceMonitor platform-dask-scheduler" in skipped["message"]
    assert skipped["fix"].startswith("helm upgrade --install kube-prometheus-stack ")
    assert "--kube-context clinic" in skipped["fix"]


def test_a_value_that_somebody_set_by_hand_is_named(installed: Report) -> None:
    (values,) = installed.findings("release")
    assert values["message"] == "has other values than the profile: dask.worker.replicas"


def test_a_platform_that_is_as_it_should_be(healthy: Report, clinic: Clinic) -> None:
    assert healthy.all() == []
    assert healthy.code == 0
    for_people = clinic.labhelm("doctor", "--timeout 240")
    assert for_people.returncode == 0
    rows = [line.split()[:2] for line in for_people.stdout.splitlines()]
    assert all([check.name, "ok"] in rows for check in CHECKS)
    assert max(map(len, for_people.stdout.splitlines())) <= 80


@pytest.mark.parametrize("breach", BREAKS, ids=lambda one: f"{one.check}-{one.subject}".replace(" ", "-"))
def test_what_is_broken_is_named_with_a_fix(breach: Break, broken: Report) -> None:
    found = [one for one in broken.findings(breach.check) if one["subject"] == breach.subject]
    matching = [one for one in found if breach.says in one["message"]]
    assert len(matching) == 1, broken.words
    assert matching[0]["fix"]


def test_nothing_else_is_named(broken: Report) -> None:
    named = {(breach.check, breach.subject) for breach in BREAKS}
    assert {(check, subject) for check, subject, _ in broken.all()} == named
    assert broken.code == 1


def test_the_printed_commands_mend_it(mended: Report) -> None:
    assert mended.all() == []
    assert mended.code == 0


def test_with_the_rights_that_it_prints_it_can_tell_all_but_the_release(
    clinic: Clinic, mended: Report
) -> None:
    clinic.kubectl.apply(clinic.rights())
    account = as_account(clinic.cluster, "labhelm-doctor", "default", clinic.folder)
    limited = replace(clinic.kubectl, access=account)
    for verb, what, place in (
        ("list", "secrets", "vision"),
        ("get", "secrets/other", "vision"),
        ("create", "pods", "vision"),
        ("patch", "nodes", ""),
    ):
        assert not limited.can_i(verb, what, namespace=place), (verb, what)
    report = clinic.doctor(access=account)
    assert report.code == 2
    ((check, subject, message),) = report.all()
    assert (check, subject) == ("release", "release default/platform")
    assert report.checks["release"]["state"] == "cannot tell"
    assert message == "not allowed to read it"
    assert clinic.doctor("--skip release", access=account).code == 0


def test_what_it_may_not_read_it_cannot_tell(clinic: Clinic, mended: Report) -> None:
    """After the test above: the account is there."""
    role = clinic.kubectl.get("clusterrole", "labhelm-doctor")
    rules = [
        {**rule, "resources": [one for one in rule["resources"] if one != "nodes"]} for rule in role["rules"]
    ]
    clinic.kubectl.apply(json.dumps({**role, "rules": rules}))
    clinic.kubectl.delete("role", "labhelm-doctor", namespace="vision")
    account = as_account(clinic.cluster, "labhelm-doctor", "default", clinic.folder)

    def told() -> None:  # the authorizer learns of a change a moment later
        report = clinic.doctor(access=account)
        states = {name: one["state"] for name, one in report.checks.items()}
        blind = {name for name, state in states.items() if state == "cannot tell"}
        assert blind == {"versions", "nodes", "labels", "gpus", "node-prep", "release", "secrets"}
        assert report.code == 2
        assert all(one["fix"] for name in blind for one in report.findings(name))

    eventually(told, seconds=120)


def test_up_stops_before_a_volume_would_lie_elsewhere(clinic: Clinic, mended: Report) -> None:
    file = clinic.project / "profiles" / "clinic.yaml"
    before = clinic.kubectl.get("pv", "vision.data")
    file.write_text(PROFILE.replace("path: /data}", "path: /elsewhere}"))
    try:
        done = clinic.labhelm("up")
    finally:
        file.write_text(PROFILE)
    assert done.returncode == 2
    assert "clinic.yaml:11:5 UPG101 volume data would lie elsewhere: nfs bonnie, /data before" in done.stderr
    assert clinic.kubectl.get("pv", "vision.data") == before


def test_a_cluster_that_does_not_answer(clinic: Clinic) -> None:
    """Nobody listens at that port."""
    admin = clinic.cluster.access()
    assert admin.kubeconfig is not None
    elsewhere = clinic.folder / "elsewhere.kubeconfig"
    elsewhere.write_text(re.sub(r"(https://[^:/]+):\d+", r"\1:1", admin.kubeconfig.read_text()))
    report = clinic.doctor("--timeout 3", access=replace(admin, kubeconfig=elsewhere))
    assert report.code == 2
    assert [check for check, _, _ in report.all()] == ["cluster"]
