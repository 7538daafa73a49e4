"""Reading a cluster, from what kubectl and helm said of a real API server with the ARL on simulated nodes.

recorded/arl.json: what the five commands printed, without times and kinds that nobody asks for.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from generator.checking import check_bytes
from generator.cluster.helm import Helm
from generator.cluster.kubectl import Access, Kubectl
from generator.cluster.runner import RecordingRunner, Result
from generator.doctor.base import State, Wish
from generator.doctor.examining import examine, exit_code
from generator.doctor.reading import Reader
from generator.doctor.report import Commands, as_json, fix_lines
from generator.doctor.snapshot import RELEASES, Snapshot
from generator.errors import CommandError

PROFILE = """\
name: arl
nodes:
  - {name: head, address: 192.168.0.168, role: control-plane, schedulable: true, cpu: 8, memory: 32Gi}
  - {name: node-1, address: 192.168.0.169, cpu: 16, memory: 64Gi}
pullSecrets: [arlregcred]
teams: [{name: arl}]
storage:
  volumes:
    arl-data: {size: 100Gi, nfs: {server: head, path: /arl}, claim: {team: arl, name: arl-data}}
"""
Answers = dict[str, dict[str, Any]]
FORBIDDEN = (
    'Error from server (Forbidden): nodes is forbidden: User "x" cannot list resource "nodes" in API group ""'
    " at the cluster scope\nError from server (Forbidden): storageclasses.storage.k8s.io is forbidden: "
    'User "x" cannot list resource "storageclasses" in API group "storage.k8s.io" at the cluster scope\n'
)


def recorded() -> Answers:
    calls = json.loads((Path(__file__).parent / "recorded" / "arl.json").read_text())
    return {call["command"]: call for call in calls}


def wish() -> Wish:
    """What was installed: the values and the volume that were recorded."""
    answers = recorded()
    profile = check_bytes(PROFILE.encode(), "arl.yaml").profile
    assert profile is not None
    items = json.loads(answers["get"]["stdout"])["items"]
    kinds = ("PersistentVolume", "PersistentVolumeClaim")
    manifests = [one for one in items if one["kind"] in kinds]
    return Wish(profile, json.loads(answers["status"]["stdout"])["config"], manifests)


def read(answers: Answers) -> tuple[Snapshot, RecordingRunner]:
    def answer(argv: tuple[str, ...]) -> Result:
        words = ("api-resources", "secrets", "status", "version", "get")
        call = answers[next(word for word in words if word in argv)]
        return Result(argv, call["code"], call["stdout"], call["stderr"])

    runner, access = RecordingRunner(answer), Access(context="arl")
    reader = Reader(Kubectl(Path("kubectl"), runner, access), Helm(Path("helm"), runner, access), 60)
    return reader.read(wish()), runner


def test_only_what_somebody_must_make_is_missing() -> None:
    snapshot, _ = read(recorded())
    outcomes = examine(wish(), snapshot)
    todo = [one for out in outcomes for one in out.findings if one.state is not State.OK]
    assert [(one.subject, one.message) for one in todo] == [("secret arl/arlregcred", "is missing")]
    assert exit_code(outcomes) == 1


def test_five_commands_that_only_read_and_no_value_of_a_secret() -> None:
    _, runner = read(recorded())
    assert len(runner.calls) == 5
    verbs = {next(word for word in call[3:] if not word.startswith("-")) for call in runner.calls[:-1]}
    assert verbs == {"version", "api-resources", "get"}
    (secrets,) = (call for call in runner.calls if "secrets" in call)
    assert "-o" not in secrets
    assert all("--context" in call or "--kube-context" in call for call in runner.calls)


def test_what_is_refused_is_noted_and_the_rest_is_read() -> None:
    answers = recorded()
    items = json.loads(answers["get"]["stdout"])["items"]
    rest = [one for one in items if one["kind"] not in ("Node", "StorageClass")]
    answers["get"] |= {"code": 1, "stdout": json.dumps({"items": rest}), "stderr": FORBIDDEN}
    snapshot, _ = read(answers)
    assert set(snapshot.refused) == {"nodes", "storageclasses.storage.k8s.io"}
    assert snapshot.all("persistentvolumes")
    states = {one.name: one.state for one in examine(wish(), snapshot)}
    assert states["gpus"] is State.UNKNOWN
    assert states["storage-class"] is State.UNKNOWN
    assert states["volumes"] is State.OK


def test_when_kubectl_cannot_read_at_all_it_is_an_error() -> None:
    answers = recorded()
    answers["get"] |= {"code": 1, "stdout": "", "stderr": "error: etcd is gone"}
    with pytest.raises(CommandError, match="etcd is gone"):
        read(answers)


@pytest.mark.parametrize(
    ("stderr", "refused"),
    [("Error: release: not found", False), ("Error: secrets is forbidden", True)],
)
def test_a_release_that_is_not_there_and_one_that_may_not_be_read(stderr: str, refused: bool) -> None:
    answers = recorded()
    answers["status"] |= {"code": 1, "stdout": "", "stderr": stderr}
    snapshot, _ = read(answers)
    assert snapshot.release is None
    assert (RELEASES in snapshot.refused) is refused


def test_the_report_for_programs_and_for_people_name_the_same_command() -> None:
    snapshot, _ = read(recorded())
    outcomes = examine(wish(), snapshot)
    commands = Commands(("kubectl", "--context", "arl"), ("arl", "--context", "arl"), ())
    answer = json.loads(as_json(outcomes, commands))
    (found,) = (
        one for check in answer["checks"] for one in check["findings"] if one["state"] == "difference"
    )
    assert found["fix"].startswith("kubectl --context arl -n arl create secret generic arlregcred ")
    lines = list(fix_lines(outcomes, commands))
    assert lines[0] == "secret arl/arlregcred is missing"
    assert lines[1].strip() == found["fix"]
    assert answer["exitCode"] == 1


def test_a_local_cluster_is_reached_by_our_own_kubectl_and_helm_is_not_named() -> None:
    commands = Commands(("labhelm", "kubectl", "lab"), ("lab", "--local"), None)
    assert commands.line(("kubectl", "uncordon", "kitt")) == "labhelm kubectl lab uncordon kitt"
    assert commands.line(("labhelm", "up")) == "labhelm up lab --local"
    assert commands.line(("helm", "upgrade")) == ""
