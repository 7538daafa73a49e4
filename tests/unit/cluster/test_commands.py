"""What helm and kubectl are called with: always with the cluster they were given."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from generator.cluster.helm import Helm, Values
from generator.cluster.kubectl import Access, Kubectl
from generator.cluster.runner import RecordingRunner, Result
from generator.errors import CommandError, UserError

HELM, KUBECTL = Path("/tools/helm"), Path("/tools/kubectl")
INSIDE = Access(Path("/state/admin.kubeconfig"), "local", ("nsenter", "--net", "--"))


def test_no_cluster_named_is_refused() -> None:
    with pytest.raises(UserError, match="no cluster was named"):
        Access()


def test_helm_enters_the_cluster_it_was_given() -> None:
    runner = RecordingRunner()
    values = Values((Path("lab.yaml"),), ("a.b=1",))
    Helm(HELM, runner, INSIDE).upgrade("platform", "charts/umbrella", values, namespace="default", timeout=90)
    [call] = runner.calls
    assert call[:4] == ("nsenter", "--net", "--", "/tools/helm")
    assert (
        "upgrade --install platform charts/umbrella --values lab.yaml --set a.b=1 --wait --timeout=90s"
        in " ".join(call)
    )
    assert " ".join(call).endswith(
        "--kubeconfig /state/admin.kubeconfig --kube-context local --namespace default"
    )


def test_helm_without_a_cluster_renders_and_refuses_the_rest() -> None:
    runner = RecordingRunner(lambda argv: Result(argv, 0, "kind: A\n", ""))
    helm = Helm(HELM, runner)
    assert helm.template("platform", "charts/umbrella") == "kind: A\n"
    helm.lint("charts/umbrella")
    assert not any("--kube" in " ".join(call) for call in runner.calls)
    with pytest.raises(UserError, match="needs a cluster"):
        helm.uninstall("platform", namespace="default")


def test_release_that_is_not_there_is_none() -> None:
    runner = RecordingRunner(lambda argv: Result(argv, 1, "", "Error: release: not found"))
    assert Helm(HELM, runner, INSIDE).status("platform", namespace="default") is None


def test_status_of_a_release() -> None:
    answer = {"name": "platform", "namespace": "default", "version": 3, "info": {"status": "deployed"}}
    runner = RecordingRunner(lambda argv: Result(argv, 0, json.dumps(answer), ""))
    release = Helm(HELM, runner, INSIDE).status("platform", namespace="default")
    assert release is not None
    assert (release.revision, release.status) == (3, "deployed")


def test_unreachable_cluster_is_not_a_missing_release() -> None:
    runner = RecordingRunner(lambda argv: Result(argv, 1, "", "Error: Kubernetes cluster unreachable"))
    with pytest.raises(CommandError, match="unreachable"):
        Helm(HELM, runner, INSIDE).status("platform", namespace="default")


def test_kubectl_names_context_alone() -> None:
    runner = RecordingRunner(lambda argv: Result(argv, 0, '{"items": []}', ""))
    Kubectl(KUBECTL, runner, Access(context="team")).get_all("pods", selector="app=web")
    assert runner.calls == [
        (
            "/tools/kubectl",
            "--context",
            "team",
            "get",
            "pods",
            "--all-namespaces",
            "--selector",
            "app=web",
            "-o",
            "json",
        )
    ]


@pytest.mark.parametrize(("printed", "code", "allowed"), [("yes\n", 0, True), ("no\n", 1, False)])
def test_can_i(printed: str, code: int, allowed: bool) -> None:
    runner = RecordingRunner(lambda argv: Result(argv, code, printed, ""))
    assert Kubectl(KUBECTL, runner, INSIDE).can_i("get", "pods", user="bob", groups=["team"]) is allowed
    assert "--as bob --as-group team" in " ".join(runner.calls[0])


def test_can_i_that_fails_is_no_answer() -> None:
    runner = RecordingRunner(lambda argv: Result(argv, 1, "", "connection refused"))
    with pytest.raises(CommandError, match="connection refused"):
        Kubectl(KUBECTL, runner, INSIDE).can_i("get", "pods")


def test_object_that_is_not_there_is_none() -> None:
    assert Kubectl(KUBECTL, RecordingRunner(), INSIDE).find("pod", "web", namespace="default") is None
