"""The whole life of every fake machine: plan, apply, a second run that does nothing, undo byte for byte."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from agent.errors import EXIT_CHECKS, EXIT_DRIFT, EXIT_OK, EXIT_UNSUPPORTED

from tests.unit.agent.bed import HERE, FakeMachine, Machine, difference, make_socket, settings_of

MACHINES = sorted(path.name for path in (HERE / "rootfs").iterdir() if path.name != "talos")
LATER_FILE_WINS = "builtin-kernel"


def prepare(fake: FakeMachine) -> None:
    """What a folder in git cannot hold: odd owners and modes, sockets."""
    for name, mode in {
        "etc/docker/daemon.json": 0o640,
        "etc/fstab": 0o664,
        "etc/containerd/config.toml": 0o600,
    }.items():
        if (fake.root / name).exists():
            (fake.root / name).chmod(mode)
            if os.geteuid() == 0:
                os.chown(fake.root / name, 1000, 1001)
    if fake.root.name.startswith(("k3s", "rke2")):
        fake.service("kubelet", "inactive")
        fake.service("rke2-agent" if "rke2" in fake.root.name else "k3s-agent", "active")
        make_socket(fake.root / "run/k3s/containerd/containerd.sock")
    table = fake.root / "proc/1/net/tcp"
    if not table.exists():
        table.parent.mkdir(parents=True, exist_ok=True)
        kubelet = (
            "0: 0100007F:2808 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 4242 1 0 100\n"
        )
        table.write_text("sl local_address\n" + kubelet)


def detects_runtime(fake: FakeMachine) -> None:
    """k3s writes its configuration at each start, with the runtimes it found, after the template."""
    folder = fake.root / "var/lib/rancher"
    for flavour in ("k3s", "rke2"):
        config = folder / flavour / "agent/etc/containerd/config.toml"
        if not config.exists():
            continue
        original = (HERE / "rootfs" / fake.root.name / config.relative_to(fake.root)).read_text()
        templates = list(config.parent.glob("*.tmpl"))
        parts = [path.read_text().partition('{{ template "base" . }}\n')[2] for path in templates]
        toolkit = (fake.root / "usr/local/nvidia/toolkit/nvidia-container-runtime").exists()
        found = "\n[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.nvidia]\nruntime_type = 'x'\n"
        config.write_text(original + "".join(parts) + (found if toolkit else ""))


def with_k3s(fake: FakeMachine) -> FakeMachine:
    def systemctl(args: list[str]) -> tuple[int, str]:
        if args[0] == "restart":
            detects_runtime(fake)
        return fake._systemctl(args)

    if fake.root.name.startswith(("k3s", "rke2")):
        fake.answers["systemctl"] = systemctl
    return fake


@pytest.mark.parametrize("name", MACHINES)
def test_life_of_a_machine(machine: Machine, name: str) -> None:
    fake, settings = with_k3s(machine(name)), settings_of(name)
    prepare(fake)
    before = fake.snapshot(state=True)
    drifted, _ = fake.run_agent("plan", settings)
    assert drifted == EXIT_DRIFT
    assert difference(before, fake.snapshot(state=True)) == {}, "plan changes nothing"

    code, report = fake.run_agent("apply", settings)
    assert code == (EXIT_CHECKS if name == LATER_FILE_WINS else EXIT_OK), report
    wanted = fake.snapshot(state=True)
    assert not [path for path in wanted if ".labhelm-" in path.rsplit("/", 1)[-1] and "collected" not in path]

    fake.calls.clear()
    times = {path: (fake.root / path).lstat().st_mtime_ns for path in wanted}
    again, report = fake.run_agent("apply", settings)
    assert again == code, report
    assert difference(wanted, fake.snapshot(state=True)) == {}
    assert times == {path: (fake.root / path).lstat().st_mtime_ns for path in wanted}, (
        "a second run writes nothing"
    )
    assert not [call for call in fake.calls if call[:2] == ("systemctl", "restart")], "and restarts nothing"

    undone, report = fake.run_agent("undo", settings)
    assert undone == EXIT_OK, report
    left = difference(before, fake.snapshot(state=True))
    # k3s writes this file itself at its next start.
    assert [path for path in left if not path.endswith("agent/etc/containerd/config.toml")] == [], report


def test_undo_restores_times_and_runtime_state(machine: Machine) -> None:
    fake, settings = machine("debian12-bare"), settings_of("debian12-bare")
    prepare(fake)
    fstab = fake.root / "etc/fstab"
    os.utime(fstab, ns=(1_600_000_000_123_456_789, 1_600_000_000_123_456_789))
    swaps = (fake.root / "proc/swaps").read_text()
    fake.run_agent("apply", settings)
    assert (fake.root / "proc/swaps").read_text().count("\n") == 1
    fake.run_agent("undo", settings)
    assert fstab.stat().st_mtime_ns == 1_600_000_000_123_456_789
    assert (fake.root / "proc/swaps").read_text() == swaps
    assert ("swapon", "-p", "100", "/dev/zram0") in fake.calls
    assert ("swapon", "/dev/sda2") in fake.calls, "a negative priority is the kernel's to give"


def test_immutable_systems_are_refused_with_the_reason(machine: Machine) -> None:
    fake = machine("talos")
    before = fake.snapshot(state=True)
    code, report = fake.run_agent("apply", settings_of("talos"))
    assert code == EXIT_UNSUPPORTED
    assert "talosctl" in report
    assert fake.snapshot(state=True) == before


def test_settings_that_shrink_take_our_files_away(machine: Machine) -> None:
    fake = machine("debian12-bare")
    prepare(fake)
    fake.run_agent("apply", settings_of("debian12-bare"))
    smaller = settings_of("debian12-bare", sysctls={}, inotify={}, modules=["overlay"], kubelet={})
    code, report = fake.run_agent("apply", smaller)
    assert code == EXIT_OK, report
    assert not (fake.root / "etc/sysctl.d/99-labhelm.conf").exists()
    assert "br_netfilter" not in (fake.root / "etc/modules-load.d/labhelm.conf").read_text()
    code, _ = fake.run_agent("undo", settings_of("debian12-bare"))
    assert code == EXIT_OK
    assert not (fake.root / "var/lib/labhelm").exists()


def test_undo_refuses_to_lose_somebody_elses_change(machine: Machine) -> None:
    fake, settings = machine("debian12-bare"), settings_of("debian12-bare")
    prepare(fake)
    fake.run_agent("apply", settings)
    fstab = fake.root / "etc/fstab"
    fstab.write_text(fstab.read_text() + "tmpfs /scratch tmpfs defaults 0 0\n")
    code, report = fake.run_agent("undo", settings)
    assert code == 1
    assert "/etc/fstab was changed after the agent wrote it" in report
    assert "tmpfs" in fstab.read_text()
    code, _ = fake.run_agent("undo", settings, force=True)
    assert code == EXIT_OK
    assert fstab.read_text() == (HERE / "rootfs/debian12-bare/etc/fstab").read_text()


def test_metrics_are_prometheus_text(machine: Machine, tmp_path: Path) -> None:
    fake, target = machine("debian12-bare"), tmp_path / "metrics.prom"
    prepare(fake)
    fake.run_agent("plan", settings_of("debian12-bare"), metrics=str(target))
    text = target.read_text()
    assert 'labhelm_node_prep_converged{node="debian12-bare"} 0' in text
    assert 'labhelm_node_prep_pending_changes{node="debian12-bare",step="swap"}' in text
    assert all(line.startswith(("#", "labhelm_node_prep_")) for line in text.splitlines())
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".metrics")] == []
