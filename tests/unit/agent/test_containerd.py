"""What is written for each containerd, word for word (UPDATE_GOLDEN=1 rewrites), and what is refused."""

from __future__ import annotations

import os
from typing import Any

import pytest
from agent.containerd.candidate import judge
from agent.containerd.toml import parse

from tests.unit.agent.bed import HERE, FakeMachine, Machine, settings_of
from tests.unit.agent.test_cycle import prepare, with_k3s

GOLDEN = HERE / "golden"
MACHINES = [
    path.stem for path in sorted((HERE / "settings").glob("*.json")) if path.stem.startswith(("c", "k", "r"))
]
FOLDERS = ("etc/containerd", "var/lib/rancher", "etc/rancher")
DROP_IN = "etc/containerd/conf.d/zz-labhelm.toml"


def applied(machine: Machine, name: str, **changes: Any) -> FakeMachine:
    fake = with_k3s(machine(name))
    prepare(fake)
    code, report = fake.run_agent("apply", settings_of(name, **changes))
    assert code == 0, report
    return fake


@pytest.mark.parametrize("name", MACHINES)
def test_files_are_the_golden_ones(machine: Machine, name: str) -> None:
    fake = applied(machine, name)
    original = HERE / "rootfs" / name
    written = {}
    for path in (
        path for folder in FOLDERS for path in sorted((fake.root / folder).rglob("*")) if path.is_file()
    ):
        relative = path.relative_to(fake.root)
        generated_by_k3s = relative.parts[0] == "var" and path.name == "config.toml"
        same = (original / relative).exists() and (original / relative).read_bytes() == path.read_bytes()
        if not same and not generated_by_k3s:
            written[str(relative)] = path.read_text()
    golden = GOLDEN / f"{name}.txt"
    text = "".join(f"==> /{path} <==\n{content}" for path, content in written.items())
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(text)
    assert text == golden.read_text()


def test_drop_in_never_has_a_higher_version_than_the_root_file(machine: Machine) -> None:
    """containerd 2.3 prints version 4 for every file; a drop-in of version 4 beside version 2 stops it."""
    fake = machine("containerd22-root-v2")
    (fake.root / "usr/bin/containerd").write_text(
        "containerd github.com/containerd/containerd/v2 v2.3.4 0123\n"
    )
    fake.run_agent("apply", settings_of("containerd22-root-v2"))
    assert parse((fake.root / DROP_IN).read_text()).values["version"] == 2


def test_files_that_nothing_imported_stay_unread(machine: Machine) -> None:
    fake = applied(machine, "containerd22-root-v2")
    imports = parse((fake.root / "etc/containerd/config.toml").read_text()).values["imports"]
    assert imports == ["/etc/containerd/conf.d/zz-labhelm*.toml"]


def test_nothing_to_write_where_the_files_say_it_already(machine: Machine) -> None:
    fake = machine("containerd16-default")
    config = fake.root / "etc/containerd/config.toml"
    config.write_text(config.read_text().replace("SystemdCgroup = false", "SystemdCgroup = true"))
    code, report = fake.run_agent("apply", settings_of("containerd16-default"))
    assert code == 0, report
    assert fake.calls == [
        ("containerd", "--version"),
        *[c for c in fake.calls[1:] if c[0] in ("systemctl", "timedatectl")],
    ]
    assert not [call for call in fake.calls if call[:2] == ("systemctl", "restart")]
    assert not (fake.root / "var/lib/labhelm").exists()


def test_comments_and_odd_spacing_survive_on_containerd_1(machine: Machine) -> None:
    fake = applied(machine, "containerd17-docker")
    before = (HERE / "rootfs/containerd17-docker/etc/containerd/config.toml").read_text()
    after = (fake.root / "etc/containerd/config.toml").read_text()
    kept = [line for line in before.splitlines() if line not in after.splitlines()]
    assert kept == ['disabled_plugins = ["cri"]']


@pytest.mark.parametrize(
    ("config", "reason"),
    [
        (
            'version = 1\n[plugins.cri]\nsandbox_image = "x"\n',
            "has version 1: rewrite it with",
        ),
        ("version = 4\n", "has version 4, but containerd 2.2 reads 3 at most"),
        ("version = 3\nroot = \n", "line 2: a value was expected"),
        (
            'version = 3\nimports = ["/etc/containerd/conf.d/*.toml"]\n[a]\nx = 1\n[a]\n',
            "table a is there twice",
        ),
        (
            "version = 3\n[plugins.'io.containerd.cri.v1.runtime']\ncontainerd = {runtimes = {}}\n",
            None,  # an inline table is no obstacle to a drop-in
        ),
    ],
)
def test_root_files_without_a_safe_way_are_refused(machine: Machine, config: str, reason: str | None) -> None:
    fake = machine("containerd22-none")
    (fake.root / "etc/containerd").mkdir()
    (fake.root / "etc/containerd/config.toml").write_text(config)
    before = fake.snapshot(state=True)
    code, report = fake.run_agent("apply", settings_of("containerd22-none"))
    if reason is None:
        assert code == 0, report
        return
    assert code == 5
    assert reason in report
    assert fake.snapshot(state=True) == before


def test_later_drop_in_that_says_otherwise_is_named(machine: Machine) -> None:
    fake = machine("containerd22-v3")
    options = "[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc.options]"
    text = f"version = 3\n{options}\nSystemdCgroup = false\n"
    (fake.root / "etc/containerd/conf.d/zzz-mine.toml").write_text(text)
    code, report = fake.run_agent("apply", settings_of("containerd22-v3"))
    assert code == 5
    assert (
        "/etc/containerd/conf.d/zzz-mine.toml sets runtimes.runc.options.SystemdCgroup after our drop-in"
        in report
    )


def test_toolkit_of_the_operator_is_not_doubled(machine: Machine) -> None:
    fake = machine("containerd22-v3")
    file = fake.root / "etc/containerd/conf.d/99-nvidia.toml"
    file.write_text(file.read_text().replace("/usr/bin/", "/usr/local/nvidia/toolkit/"))
    code, report = fake.run_agent("apply", settings_of("containerd22-v3"))
    assert code == 5
    assert "gpu-operator's toolkit provides the runtime nvidia already" in report


def test_missing_toolkit_is_named(machine: Machine) -> None:
    fake = machine("containerd22-none")
    (fake.root / "usr/bin/nvidia-container-runtime").unlink()
    code, report = fake.run_agent("apply", settings_of("containerd22-none"))
    assert code == 5
    assert "/usr/bin/nvidia-container-runtime is not there: install nvidia-container-toolkit" in report


def test_old_mirror_tables_exclude_hosts_files(machine: Machine) -> None:
    fake = machine("containerd23-v4")
    config = fake.root / "etc/containerd/config.toml"
    table = (
        "\n[plugins.'io.containerd.cri.v1.images'.registry.mirrors.'docker.io']\nendpoint = ['http://x']\n"
    )
    config.write_text(config.read_text() + table)
    code, report = fake.run_agent("apply", settings_of("containerd23-v4"))
    assert code == 5
    assert "registry.mirrors" in report


def test_mirrors_come_and_go_without_a_restart(machine: Machine) -> None:
    fake = applied(machine, "containerd23-v4")
    hosts = fake.root / "etc/containerd/certs.d/_default/hosts.toml"
    value = {
        "manage": True,
        "sandboxImage": "registry.k8s.io/pause:3.10.2",
        "nvidia": {"enabled": True, "default": True},
    }
    other = {"registry": "ghcr.io", "endpoints": [{"url": "https://mirror"}]}
    fake.calls.clear()
    code, report = fake.run_agent(
        "apply", settings_of("containerd23-v4", containerd={**value, "mirrors": [other]})
    )
    assert code == 0, report
    assert not hosts.exists()
    assert (fake.root / "etc/containerd/certs.d/ghcr.io/hosts.toml").exists()
    assert ("systemctl", "restart", "containerd") not in fake.calls


def test_kubernetes_136_needs_containerd_2(machine: Machine) -> None:
    fake = machine("containerd17-docker")
    code, report = fake.run_agent("apply", settings_of("containerd17-docker", kubernetesVersion="1.36.3"))
    assert code == 5
    assert "containerd 1.7 with Kubernetes 1.36: containerd 2.2 or later is needed" in report


@pytest.mark.parametrize(
    ("dump", "problem"),
    [
        (
            "version = 3\n[plugins.'io.containerd.cri.v1.runtime'.containerd]\ndefault_runtime_name = 'x'\n",
            "default runtime x is not one of none",
        ),
        (
            "version = 3\n[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc]\nx = 1\n",
            "runtime runc has no runtime_type",
        ),
        (
            "version = 2\ndisabled_plugins = ['cri']\n"
            "[plugins.'io.containerd.grpc.v1.cri'.containerd.runtimes.runc]\nruntime_type = 'x'\n",
            "CRI plugin is disabled",
        ),
    ],
)
def test_what_containerd_accepts_but_dies_of_is_caught(dump: str, problem: str) -> None:
    assert problem in judge(parse(dump), {})


def test_nvidia_ctk_tells_the_program_and_writes_nothing(machine: Machine) -> None:
    fake = machine("containerd22-none")
    (fake.root / "usr/bin/nvidia-ctk").touch()
    (fake.root / "opt").mkdir()
    (fake.root / "opt/nvidia-container-runtime").touch()

    def ctk(args: list[str]) -> tuple[int, str]:
        assert "--dry-run" in args
        runtime = (
            "[plugins.x.containerd.runtimes.nvidia.options]\nBinaryName = '/opt/nvidia-container-runtime'\n"
        )
        return 0, f"version = 3\n\n{runtime}\nimports = ['a']\nversion = 3\n"

    fake.answers["nvidia-ctk"] = ctk
    code, report = fake.run_agent("apply", settings_of("containerd22-none"))
    assert code == 0, report
    assert 'BinaryName = "/opt/nvidia-container-runtime"' in (fake.root / DROP_IN).read_text()
