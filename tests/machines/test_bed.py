"""The bed itself: machines are apart from each other and from the host, and leave nothing behind."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.cluster.runner import SystemRunner
from generator.errors import CommandError
from tests.machines.bed import Bed, Machine, at_once, host, traces
from tests.machines.bed.bed import sweep

KITT, KARR = "172.31.77.11", "172.31.77.12"


@pytest.fixture(scope="module")
def pair() -> Iterator[tuple[Bed, Machine, Machine]]:
    """Two machines for tests that change nothing which another test looks at."""
    with Bed() as bed:
        started = time.monotonic()
        at_once(lambda: bed.boot("kitt", KITT), lambda: bed.boot("karr", KARR))
        print(f"\ntwo machines booted in {time.monotonic() - started:.1f} s")
        yield bed, bed.machines["kitt"], bed.machines["karr"]


def test_a_machine_boots_debian_with_its_own_systemd(pair: tuple[Bed, Machine, Machine]) -> None:
    _, kitt, karr = pair
    assert kitt.run("systemctl is-system-running").stdout == "running\n"
    assert kitt.run(["cat", "/proc/1/comm"]).stdout == "systemd\n"
    assert (kitt.run("hostname").stdout, karr.run("hostname").stdout) == ("kitt\n", "karr\n")
    for identity in ("/etc/machine-id", "/proc/sys/kernel/random/boot_id"):
        assert kitt.pull(identity) != karr.pull(identity)
    assert kitt.run("systemctl is-active containerd").stdout == "active\n"


def test_machines_reach_each_other_and_nothing_else(pair: tuple[Bed, Machine, Machine]) -> None:
    bed, kitt, _ = pair
    kitt.run(f"ping -c1 -W2 {KARR}")
    # curl's exit code when the machine refuses, which shows that it was reached; 28 is no answer.
    assert bed.run(["curl", "--noproxy", "*", "-m2", f"http://{KITT}:9"], check=False).code == 7
    assert kitt.run("ping -c1 -W1 192.0.2.1", check=False).code != 0
    links = kitt.run("ip -o link").stdout
    assert [line.split()[1].split("@")[0].rstrip(":") for line in links.splitlines()] == ["lo", "eth0"]
    assert f"{KITT}/24" in kitt.run("ip -4 address show eth0").stdout


def test_each_machine_sees_only_its_own_cgroups(pair: tuple[Bed, Machine, Machine]) -> None:
    _, kitt, karr = pair
    kitt.run("cd /sys/fs/cgroup/memory; mkdir only-kitt; echo 64M > only-kitt/memory.limit_in_bytes")
    assert "only-kitt" not in karr.run("ls /sys/fs/cgroup/memory").stdout
    assert not Path("/sys/fs/cgroup/memory/only-kitt").exists()
    assert kitt.run("grep -c '/\\.\\.' /proc/self/cgroup", check=False).stdout == "0\n"
    kitt.run("systemd-run --wait --property=MemoryMax=64M true")


def test_kernel_settings_of_a_machine_are_its_own(pair: tuple[Bed, Machine, Machine]) -> None:
    _, kitt, karr = pair
    here = Path("/proc/sys/vm/max_map_count").read_text()
    kitt.run("sysctl -w vm.max_map_count=1048577 kernel.panic=10 net.ipv4.ip_forward=1")
    asked = kitt.run("sysctl -n vm.max_map_count kernel.panic net.ipv4.ip_forward").stdout
    assert asked.split() == ["1048577", "10", "1"]
    assert karr.run("sysctl -n vm.max_map_count").stdout == here
    assert Path("/proc/sys/vm/max_map_count").read_text() == here


def test_files_travel_whole_and_with_their_mode(pair: tuple[Bed, Machine, Machine]) -> None:
    _, kitt, _ = pair
    data = bytes(range(256)) * 4096
    kitt.push("/srv/new folder/blob", data, mode=0o750)
    assert kitt.pull("/srv/new folder/blob") == data
    assert kitt.run(["stat", "-c", "%a", "/srv/new folder/blob"]).stdout == "750\n"
    kitt.push_tree({"/etc/a/one": ("1\n", 0o600), "/run/two": ("2\n", 0o644)})
    assert kitt.run("cat /etc/a/one /run/two; stat -c %a /etc/a/one").stdout == "1\n2\n600\n"


def test_a_failing_script_says_where_and_why(pair: tuple[Bed, Machine, Machine]) -> None:
    _, kitt, _ = pair
    with pytest.raises(CommandError, match="on kitt a command failed with exit code 3") as failure:
        kitt.run("echo so far; echo bad >&2; false || exit 3; echo never")
    assert "so far" in failure.value.output
    assert "bad" in failure.value.output
    assert kitt.run("exit 4", check=False).code == 4


def test_a_command_that_hangs_is_ended_inside_the_machine(pair: tuple[Bed, Machine, Machine]) -> None:
    _, kitt, _ = pair
    with pytest.raises(CommandError, match="took too long"):
        kitt.run(["sleep", "4711"], timeout=0.5)
    assert kitt.run("pgrep -f 'sleep [4]711'", check=False).stdout == ""


def test_the_disk_outlives_a_power_cut_and_memory_does_not(bed: Bed) -> None:
    machine = bed.boot("kitt", KITT)
    first = machine.run("cat /proc/sys/kernel/random/boot_id; cat /etc/machine-id").stdout.split()
    machine.run("echo kept > /etc/kept; sync; echo lost > /run/lost; ip link add dummy0 type bridge")
    machine.power_off_hard()
    assert "systemd" in machine.logs()["journal.log"]
    with pytest.raises(CommandError, match="switched off"):
        machine.run("true")
    machine.boot_again()
    second = machine.run("cat /proc/sys/kernel/random/boot_id; cat /etc/machine-id").stdout.split()
    assert first[0] != second[0]
    assert first[1] == second[1]
    assert machine.run("cat /etc/kept; ls /run/lost /sys/class/net/dummy0", check=False).stdout == "kept\n"


def test_closing_leaves_no_trace() -> None:
    before = traces.take()
    with Bed() as bed:
        at_once(lambda: bed.boot("kitt", KITT), lambda: bed.boot("karr", KARR))
        bed.machines["kitt"].run(
            "sysctl -w kernel.panic=10; mount -t tmpfs x /mnt; setsid sleep 1000 >/dev/null 2>&1 &"
        )
        bed.machines["karr"].power_off_hard()
        seen = set(traces.take().new_since(before))
        assert seen == {"processes", "mounts", "namespaces", "cgroups", "disks"}
    assert traces.take().new_since(before) == {}


ABANDON = f"""
import os, signal
from tests.machines.bed import Bed
bed = Bed().__enter__()
bed.boot("kitt", "{KITT}")
print(bed.id, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_bed_whose_test_run_was_killed_is_swept_by_the_next() -> None:
    before = traces.take()
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    killed = subprocess.run([sys.executable, "-c", ABANDON], capture_output=True, text=True, env=environment)
    abandoned = killed.stdout.strip()
    assert abandoned, killed.stderr
    # Another test run on this host may have been faster.
    sweep(SystemRunner())
    assert traces.take().new_since(before) == {}


def test_without_root_the_reason_to_skip_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    assert host.missing(SystemRunner()) == ""
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert host.missing(SystemRunner()).startswith("machines need root")


def test_logs_of_every_machine_can_be_collected(pair: tuple[Bed, Machine, Machine], tmp_path: Path) -> None:
    bed, kitt, _ = pair
    kitt.run("logger a line to find; journalctl --sync")
    bed.collect_logs(tmp_path)
    assert "a line to find" in (tmp_path / "kitt/journal.log").read_text()
    assert (tmp_path / "karr/console.log").exists()
