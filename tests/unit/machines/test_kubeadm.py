"""kubeadm itself takes what is generated, in the versions that are pinned."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from generator.cluster.runner import SystemRunner
from generator.machines.cluster import Site
from generator.machines.guide import join_order
from generator.machines.kubeadm import JOIN_PATH
from generator.toolchain import SilentProgress, ensure
from generator.toolchain.table import NEWEST, OLDEST

CERTIFICATE_KEY = "0" * 64
Files = dict[str, dict[str, str]]


@pytest.fixture(params=[NEWEST, OLDEST])
def kubeadm(request: pytest.FixtureRequest) -> tuple[str, Path]:
    version: str = request.param
    return version, ensure("kubeadm", version=version, runner=SystemRunner(), progress=SilentProgress())


@pytest.mark.parametrize("machine", ["a", "b", "c", "w"])
def test_kubeadm_takes_the_config_as_the_script_uses_it(
    machine: str, kubeadm: tuple[str, Path], files: Files, tmp_path: Path
) -> None:
    version, program = kubeadm
    join = tmp_path / "join.conf"
    join.write_text("apiVersion: v1\nkind: Config\n")
    text = files["kubeadm"][f"{machine}/kubeadm.yaml"].replace(JOIN_PATH, str(join))
    text = text.replace("kubernetesVersion: v1.36.0", f"kubernetesVersion: v{version}")
    text = text.replace("controlPlane:\n", f"controlPlane:\n  certificateKey: '{CERTIFICATE_KEY}'\n")
    config = tmp_path / "kubeadm.yaml"
    config.write_text(text)
    said = SystemRunner().run([str(program), "config", "validate", "--config", str(config)])
    assert said.stdout.strip() == "ok"
    assert "unknown" not in said.stderr, said.stderr


def test_kubeadm_would_find_a_wrong_field(kubeadm: tuple[str, Path], files: Files, tmp_path: Path) -> None:
    config = tmp_path / "kubeadm.yaml"
    config.write_text(files["kubeadm"]["a/kubeadm.yaml"].replace("podSubnet", "podSubnets"))
    said = SystemRunner().run([str(kubeadm[1]), "config", "validate", "--config", str(config)], check=False)
    assert said.code
    assert "podSubnets" in said.stderr


def test_roles_and_taints(files: Files) -> None:
    kinds, taints = {}, {}
    for machine in "abcw":
        documents = list(yaml.safe_load_all(files["kubeadm"][f"{machine}/kubeadm.yaml"]))
        kinds[machine] = [document["kind"] for document in documents]
        taints[machine] = [taint["key"] for taint in documents[0]["nodeRegistration"]["taints"]]
    assert kinds["a"][0] == "InitConfiguration"
    assert kinds["b"] == kinds["w"] == ["JoinConfiguration"]
    # a is for work as well: an empty list, which keeps kubeadm from tainting it.
    own = "node-role.kubernetes.io/control-plane"
    assert taints == {"a": [], "b": [own, "example.org/dedicated"], "c": [own], "w": []}


def test_the_kubelet_sets_no_label_that_it_may_not_set(files: Files) -> None:
    text = files["kubeadm"]["b/kubeadm.yaml"]
    assert "topology.kubernetes.io/zone=z1" in text
    assert "node-role.kubernetes.io/storage" not in text


def test_the_join_order_of_three_control_planes(site: Callable[[str], Site]) -> None:
    steps = [(step.machine, step.command.split("--")[1].split()[0]) for step in join_order(site("kubeadm"))]
    assert steps == [
        *((name, "apply") for name in "abcw"),
        ("a", "start"),
        ("a", "join-file"),
        ("b", "start"),
        ("c", "start"),
        ("w", "start"),
    ]
