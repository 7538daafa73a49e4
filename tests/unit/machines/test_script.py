"""The scripts: checked by shellcheck, with the agent and its settings inside, and nothing secret."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.machines.archive import agent_directory
from generator.machines.cluster import Machine, Site
from generator.machines.preparing import machine_settings
from tests.unit.machines.conftest import NAMES

Files = dict[str, dict[str, str]]
SECRET = re.compile(r"[a-z0-9]{6}\.[a-z0-9]{16}|[0-9a-f]{64}|K10[0-9a-f]{10,}|BEGIN [A-Z ]*PRIVATE KEY")


def scripts(files: Files, name: str) -> dict[str, str]:
    return {path: text for path, text in files[name].items() if path.endswith(".sh")}


def without_agent(text: str) -> str:
    return re.sub(r"^[A-Za-z0-9+/=]{40,}$", "", text, flags=re.MULTILINE)


@pytest.mark.skipif(not shutil.which("shellcheck"), reason="needs shellcheck")
@pytest.mark.parametrize("name", NAMES)
def test_shellcheck_finds_nothing(name: str, files: Files, tmp_path: Path) -> None:
    for path, text in scripts(files, name).items():
        (tmp_path / path.replace("/", "-")).write_text(text)
    said = subprocess.run(
        ["shellcheck", "--shell=sh", *map(str, tmp_path.glob("*.sh"))], capture_output=True, text=True
    )
    assert said.returncode == 0, said.stdout


@pytest.mark.parametrize("name", NAMES)
def test_nothing_secret_is_in_any_file(name: str, files: Files) -> None:
    for path, text in files[name].items():
        assert not SECRET.search(without_agent(text)), path
        assert "certificateKey:" not in text or path.endswith(".sh")


def embedded(text: str, function: str) -> str:
    found = re.search(rf"^{function}\(\) {{\n\tcat <<'END_OF_FILE'\n(.*?)\nEND_OF_FILE$", text, re.S | re.M)
    assert found
    return found[1]


@pytest.mark.parametrize("name", NAMES)
def test_the_agent_inside_is_the_charts_and_reads_its_settings(
    name: str, files: Files, tmp_path: Path
) -> None:
    for path, text in scripts(files, name).items():
        folder = tmp_path / path.replace("/", "-")
        folder.mkdir()
        unpack = re.search(r"python3 -c '\n(.*?)' \"\$work\"", text, re.S)
        assert unpack
        subprocess.run(
            [sys.executable, "-c", unpack[1], str(folder)],
            input=embedded(text, "agent_archive"), text=True, check=True,
        )  # fmt: skip
        for source in agent_directory().rglob("*.py"):
            assert (
                folder / "agent" / source.relative_to(agent_directory())
            ).read_bytes() == source.read_bytes()
        (folder / "settings.json").write_text(embedded(text, "settings"))
        read = "from agent.validate import load; load('settings.json')"
        subprocess.run([sys.executable, "-c", read], cwd=folder, check=True)


def test_a_wrong_option_is_told_and_help_needs_no_root(files: Files, tmp_path: Path) -> None:
    script = tmp_path / "a.sh"
    script.write_text(files["kubeadm"]["a/a.sh"])
    said = subprocess.run(["sh", str(script), "--aply"], capture_output=True, text=True)
    assert said.returncode == 2
    assert "there is no option --aply" in said.stderr
    said = subprocess.run(["sh", str(script), "--help"], capture_output=True, text=True)
    assert said.returncode == 0
    assert "--join-file FILE" in said.stdout


def test_what_a_machine_needs_follows_from_the_profile(files: Files) -> None:
    serving, working = files["kubeadm"]["a/a.sh"], files["kubeadm"]["w/w.sh"]
    assert "exportfs nfs-kernel-server" in serving
    assert "exportfs nfs-kernel-server" not in working
    assert "nvidia-ctk nvidia-container-toolkit" in working
    assert "mount.nfs nfs-common" in working
    assert '"forbidRootLogin": true' in working
    assert "packages='/srv/pack ages'" in files["k3s"]["a/a.sh"]


def settings_of(site: Site, name: str) -> dict[str, object]:
    machine: Machine = next(one for one in site.machines if one.name == name)
    found: dict[str, object] = json.loads(
        machine_settings(site, machine).model_dump_json(by_alias=True, exclude_unset=True)
    )
    return found


def test_settings_of_a_gpu_machine(site: Callable[[str], Site]) -> None:
    found = settings_of(site("kubeadm"), "w")
    assert found["swap"] == "off"
    assert found["docker"] == {"daemon": {"exec-opts": ["native.cgroupdriver=systemd"]}}
    assert found["kubelet"] == {"config": {"maxPods": 150}}
    assert found["sysctls"] == {
        "net.bridge.bridge-nf-call-iptables": "1",
        "net.bridge.bridge-nf-call-ip6tables": "1",
        "net.ipv4.ip_forward": "1",
        "vm.max_map_count": "262144",
    }
    assert found["containerd"] == {
        "manage": True,
        "flavour": "containerd",
        "cdi": True,
        "sandboxImage": "harbor.example.org/hub/registry.k8s.io/pause:3.10.2",
        "nvidia": {"enabled": True, "default": True},
        "mirrors": [{"registry": "docker.io", "endpoints": [{"url": "https://mirror.example.org"}]}],
    }


def test_settings_of_other_machines(site: Callable[[str], Site]) -> None:
    plain, kept, six = (settings_of(site(name), "a") for name in NAMES)
    assert plain["docker"] == {"daemon": {}}
    assert plain["driver"] == {"expected": False, "root": "/", "collectTo": ""}
    assert kept["swap"] == "limited"
    sysctls = six["sysctls"]
    assert isinstance(sysctls, dict)
    assert sysctls["net.ipv6.conf.all.forwarding"] == "1"


def test_with_many_machines_each_script_stays_small() -> None:
    from generator.machines.files import machines_files
    from generator.profile.model import Profile

    nodes = [
        {"name": f"n{i}", "address": f"10.0.{i // 250}.{i % 250 + 1}", "cpu": 4, "memory": "8Gi"}
        for i in range(300)
    ]
    profile = Profile.model_validate(
        {"name": "big", "nodes": [{**nodes[0], "role": "control-plane"}, *nodes[1:]]}
    )
    made = machines_files(profile)
    one = without_agent(made["values/big/machines/n7/n7.sh"])
    assert len(one) < 30_000
    assert "n0" in one
    assert "n8" not in one
    assert "10.0.0.128/26" in made["values/big/machines/n7/firewall.nft"]
