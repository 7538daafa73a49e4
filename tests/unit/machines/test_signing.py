"""Why RKE2 and k3s get other signing flags for Kubeflow than kubeadm: the real controller manager says so."""

from __future__ import annotations

import pytest
import yaml

from generator.cluster.runner import Result, SystemRunner
from generator.toolchain import SilentProgress, ensure

# What both distributions pass by themselves.
OWN = ("--cluster-signing-legacy-unknown-cert-file=/own", "--cluster-signing-legacy-unknown-key-file=/own")
REFUSED = "cannot specify --cluster-signing-{cert,key}-file and other"
Files = dict[str, dict[str, str]]


def start(*flags: str) -> Result:
    program = ensure("control-plane", runner=SystemRunner(), progress=SilentProgress())
    return SystemRunner().run(
        [str(program), "kube-controller-manager", "--kubeconfig=/nonexistent", *flags], check=False
    )


def test_the_plain_flags_do_not_go_with_those_of_single_signers() -> None:
    assert REFUSED in start(*OWN, "--cluster-signing-cert-file=/x", "--cluster-signing-key-file=/x").stderr


def test_what_is_generated_for_rke2_goes_with_them(files: Files) -> None:
    arguments = yaml.safe_load(files["rke2"]["a/config.yaml"])["kube-controller-manager-arg"]
    said = start(*OWN, *(f"--{argument}" for argument in arguments))
    assert "unknown flag" not in said.stderr
    assert REFUSED not in said.stderr
    assert "/nonexistent" in said.stderr  # the first thing that is really missing


@pytest.mark.parametrize("name", ["kubeadm", "rke2"])
def test_only_with_kubeflow(name: str, files: Files) -> None:
    from generator.machines.files import machines_files
    from tests.unit.machines.conftest import profile_of

    own = "kubeadm.yaml" if name == "kubeadm" else "config.yaml"
    assert "cluster-signing" in files[name][f"a/{own}"]
    without = machines_files(profile_of(name).model_copy(update={"kubeflow": None}))
    assert not any("cluster-signing" in text for path, text in without.items() if path.endswith(own))
