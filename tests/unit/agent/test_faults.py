"""Killed at every single operation, and on a full or read-only disk: before or wanted, never between."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from agent.disk import Trace
from agent.errors import EXIT_BROKEN, EXIT_FAILED, EXIT_OK, EXIT_WAITING
from agent.lock import only_agent
from agent.memory import Memory, remember

from tests.unit.agent.bed import AGENT_HOME, FakeMachine, Machine, difference, make_socket, settings_of
from tests.unit.agent.test_cycle import prepare, with_k3s

# Together they have every kind of change: files, links, folders, swap, modules, sysctls, holds, trees, units.
MACHINES = ["debian12-bare", "containerd22-root-v2", "gpu-driver", "k3s-v3"]
State = dict[str, tuple[Any, ...]]
# What was done survives a SIGKILL, synced or not: right after an operation, before and after its fsync are
# one state. LABHELM_FAULTS=all dies at all of them nevertheless.
EVERY_POINT = os.environ.get("LABHELM_FAULTS") == "all"
RENDERED = "agent/etc/containerd/config.toml"  # k3s writes it at its start, whatever we do


class Counter:
    """A trace that acts at one point; without `act` it only counts."""

    def __init__(
        self, at: int = -1, act: Callable[[], None] = lambda: None, *, distinct: bool = False
    ) -> None:
        self.distinct = distinct
        self.count = 0
        self.at = at
        self.act = act
        self.names: list[tuple[str, str]] = []

    def __call__(self, operation: str, path: str) -> None:
        self.names.append((operation, path))
        changes = operation.startswith("before") and operation != "before fsync"
        self.count += changes or not self.distinct
        if self.count == self.at:
            self.act()


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def killed(fake: FakeMachine, command: str, at: int) -> bool:
    """Run the agent in a child that dies at operation number `at`; False when it ended before that."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            fake.run_agent(
                command, settings_of(fake.root.name), trace=Counter(at, die, distinct=not EVERY_POINT)
            )
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, f"the agent failed by itself at {at}"
    return os.WIFSIGNALED(status)


def fresh(name: str, folder: Path) -> FakeMachine:
    fake = with_k3s(FakeMachine.make(name, folder / name))
    prepare(fake)
    return fake


def state(fake: FakeMachine) -> State:
    return {path: value for path, value in fake.snapshot().items() if not path.endswith(RENDERED)}


def before_and_wanted(name: str, folder: Path) -> tuple[State, State]:
    fake = fresh(name, folder / "reference")
    before = state(fake)
    code, report = fake.run_agent("apply", settings_of(name))
    assert code == EXIT_OK, report
    return before, state(fake)


def finishes_and_undoes(fake: FakeMachine, before: State, wanted: State) -> None:
    code, report = fake.run_agent("apply", settings_of(fake.root.name))
    assert code == EXIT_OK, report
    assert difference(wanted, state(fake)) == {}
    fake.run_agent("undo", settings_of(fake.root.name))
    assert difference(before, state(fake)) == {}
    assert not (fake.root / "var/lib/labhelm").exists()


@pytest.mark.parametrize("name", MACHINES)
def test_killed_at_every_operation_of_apply(
    tmp_path: Path, name: str, record_property: Callable[..., None]
) -> None:
    before, wanted = before_and_wanted(name, tmp_path)
    at = 0
    while True:
        at += 1
        folder = tmp_path / str(at)
        fake = fresh(name, folder)
        if not killed(fake, "apply", at):
            break
        code, report = fake.run_agent("recover", settings_of(name))
        assert code == EXIT_OK, report
        after = state(fake)
        assert after in (before, wanted), (at, difference(before, after))
        if at % 2 == 0:
            finishes_and_undoes(fake, before, wanted)
        shutil.rmtree(folder)
    record_property("fault_points", at - 1)
    print(f"{name}: {at - 1} points of apply survived", file=sys.stderr)
    assert at > 20


@pytest.mark.parametrize("name", MACHINES)
def test_killed_at_every_operation_of_undo(tmp_path: Path, name: str) -> None:
    before, _ = before_and_wanted(name, tmp_path)
    done = fresh(name, tmp_path / "done")
    done.run_agent("apply", settings_of(name))
    at = 0
    while True:
        at += 1
        folder = tmp_path / str(at) / name
        shutil.copytree(done.root, folder, symlinks=True, ignore=_sockets)
        fake = with_k3s(FakeMachine(folder))
        _copy_owners(done.root, folder)
        _prepare_socket(fake)
        if not killed(fake, "undo", at):
            break
        code, report = fake.run_agent("undo", settings_of(name))
        assert code == EXIT_OK, report
        assert difference(before, state(fake)) == {}, at
        shutil.rmtree(folder.parent)
    print(f"{name}: {at - 1} points of undo survived", file=sys.stderr)
    assert at > 5


def test_killed_while_recovering_from_being_killed(tmp_path: Path) -> None:
    name = "debian12-bare"
    before, wanted = before_and_wanted(name, tmp_path)
    for first in range(30, 100, 9):
        second = 0
        while True:
            second += 1
            folder = tmp_path / f"{first}-{second}"
            fake = fresh(name, folder)
            assert killed(fake, "apply", first)
            again = killed(fake, "recover", second)
            code, report = fake.run_agent("recover", settings_of(name))
            assert code == EXIT_OK, report
            assert state(fake) in (before, wanted), (first, second, difference(before, state(fake)))
            shutil.rmtree(folder)
            if not again:
                break


def fail_at(at: int, number: int, match: str = "") -> Trace:
    """OSError at one operation, and at every later one that writes to a path with `match`."""
    counter = Counter()

    def trace(operation: str, path: str) -> None:
        counter(operation, path)
        writes = operation.startswith("before") and operation.split()[1] in (
            "write",
            "append",
            "link",
            "mkdir",
            "symlink",
        )
        if counter.count >= at and writes and match in path and "run" not in operation:
            raise OSError(number, os.strerror(number), path)

    return trace


@pytest.mark.parametrize("at", range(1, 420, 7))
def test_disk_full_from_one_moment_on(tmp_path: Path, at: int) -> None:
    """The way back needs no space: renames and the record in the reserve."""
    fake = fresh("debian12-bare", tmp_path)
    before = state(fake)
    count = Counter()

    def trace(operation: str, path: str) -> None:
        count(operation, path)
        grows = operation in ("before write", "before mkdir", "before copy")
        appends = operation == "before append" and (Path(path).parent / "ballast").exists()
        if count.count >= at and (grows or appends) and not path.startswith(str(fake.root / "proc")):
            raise OSError(errno.ENOSPC, "No space left on device", path)

    code, report = fake.run_agent("apply", settings_of("debian12-bare"), trace=trace)
    if code == EXIT_OK:
        return
    assert code == EXIT_FAILED, report
    assert "No space left" in report
    assert difference(before, state(fake)) == {}, at


def test_read_only_etc_changes_nothing_and_says_why(tmp_path: Path) -> None:
    fake = fresh("debian12-bare", tmp_path)
    before = state(fake)
    code, report = fake.run_agent(
        "apply", settings_of("debian12-bare"), trace=fail_at(1, errno.EROFS, "/etc/")
    )
    assert code == EXIT_FAILED
    assert "Read-only file system" in report
    assert "everything is as before" in report
    assert difference(before, state(fake)) == {}


def test_containerd_that_does_not_come_back_is_rolled_back(tmp_path: Path) -> None:
    fake = fresh("debian12-bare", tmp_path)
    before = state(fake)
    broken = fake.root / ".fake/containerd.broken"

    def ctr(args: list[str]) -> tuple[int, str]:
        changed = (fake.root / "etc/containerd/config.toml").exists()
        return (
            0,
            f"TYPE ID PLATFORMS STATUS\nio.containerd.grpc.v1 cri - {'error' if changed else 'ok'}\n",
        )

    fake.answers["ctr"] = ctr
    code, report = fake.run_agent("apply", settings_of("debian12-bare"))
    assert code == EXIT_FAILED
    assert "Unhealthy: containerd is not healthy: its CRI plugin is not ok; everything is as before" in report
    assert difference(before, state(fake)) == {}
    assert fake.calls.count(("systemctl", "restart", "containerd")) == 2, (
        "once with the new files, once with the old"
    )
    assert not broken.exists()

    # The same plan is not tried again and again: each try would drain the node.
    fake.calls.clear()
    code, report = fake.run_agent("apply", settings_of("debian12-bare"))
    assert code == EXIT_FAILED
    assert "FailedBefore" in report
    assert ("systemctl", "restart", "containerd") not in fake.calls
    del fake.answers["ctr"]
    code, report = fake.run_agent("apply", settings_of("debian12-bare"), retry=True)
    assert code == EXIT_OK, report


def test_refused_candidate_never_replaces_the_old_file(tmp_path: Path) -> None:
    fake = fresh("containerd22-v3", tmp_path)
    before = state(fake)

    def containerd(args: list[str]) -> tuple[int, str]:
        return fake._containerd(args) if args == ["--version"] else (1, "containerd: invalid plugin config")

    fake.answers["containerd"] = containerd
    operations = Counter()
    code, report = fake.run_agent("apply", settings_of("containerd22-v3"), trace=operations)
    assert code == EXIT_FAILED
    assert (
        "CandidateRejected: nothing was changed: `containerd config dump` refuses it: containerd: invalid"
        in report
    )
    assert difference(before, state(fake)) == {}
    assert not [path for name, path in operations.names if "rename" in name and "/etc/containerd" in path]
    assert ("systemctl", "restart", "containerd") not in fake.calls


def test_way_back_that_fails_says_so_and_is_tried_again(tmp_path: Path) -> None:
    fake = fresh("debian12-bare", tmp_path)
    before = state(fake)

    def never(args: list[str]) -> tuple[int, str]:
        if args[0] == "restart":
            return 1, "Job for containerd.service failed"
        return fake._systemctl(args)

    fake.answers["systemctl"] = never
    code, report = fake.run_agent("apply", settings_of("debian12-bare"))
    assert code == EXIT_BROKEN
    assert "going back failed: systemctl restart containerd" in report
    del fake.answers["systemctl"]
    code, report = fake.run_agent("recover", settings_of("debian12-bare"))
    assert code == EXIT_OK
    assert "took back the interrupted" in report
    assert difference(before, state(fake)) == {}


def test_a_machine_that_kills_us_each_time_is_left_alone(machine: Machine) -> None:
    fake = fresh("containerd22-none", machine("talos").root.parent / "x")
    host = fake.host()
    remember(host.disk, fake.root / "var/lib/labhelm/node-prep", Memory(interrupted=3))
    code, report = fake.run_agent("apply", settings_of("containerd22-none"))
    assert code == EXIT_FAILED
    assert "killed 3 times" in report


def test_every_record_is_durable_before_what_it_announces(tmp_path: Path) -> None:
    """fsync of the file before its rename, fsync of the folder after; the journal first of all."""
    fake = fresh("debian12-bare", tmp_path)
    trace = Counter()
    fake.run_agent("apply", settings_of("debian12-bare"), trace=trace)
    done = [(name.split()[1], path) for name, path in trace.names if name.startswith("after")]
    for index, (operation, path) in enumerate(done):
        if operation in ("write", "append", "copy", "truncate"):
            assert done[index + 1] == ("fsync", path)
        if operation in ("rename", "link", "unlink", "mkdir", "symlink", "rmdir", "rmtree"):
            assert done[index + 1] == ("fsync", str(Path(path).parent))
    begin = next(
        i for i, (operation, path) in enumerate(done) if path.endswith("/journal") and operation == "append"
    )
    touched = [i for i, (_, path) in enumerate(done) if path.startswith(str(fake.root / "etc"))]
    assert begin < min(touched)


def test_torn_last_record_is_cut_off_and_damage_elsewhere_is_not_guessed_about(tmp_path: Path) -> None:
    fake = fresh("debian12-bare", tmp_path)
    before = state(fake)
    assert killed(fake, "apply", 70)
    journal = next((fake.root / "var/lib/labhelm/node-prep/transactions").glob("*/journal"))
    whole = journal.read_bytes()
    journal.write_bytes(whole + b'0123456789abcdef {"event": "d')
    code, _ = fake.run_agent("recover", settings_of("debian12-bare"))
    assert code == EXIT_OK
    assert difference(before, state(fake)) == {}

    fake = fresh("debian12-bare", tmp_path / "second")
    assert killed(fake, "apply", 70)
    journal = next((fake.root / "var/lib/labhelm/node-prep/transactions").glob("*/journal"))
    data = journal.read_bytes()
    journal.write_bytes(data[:30] + b"X" + data[31:])
    code, report = fake.run_agent("recover", settings_of("debian12-bare"))
    assert code == EXIT_BROKEN
    assert "damaged" in report


def _sockets(folder: str, names: list[str]) -> list[str]:
    return [name for name in names if Path(folder, name).is_socket()]


def _copy_owners(source: Path, target: Path) -> None:
    if os.geteuid() != 0:
        return
    for path in source.rglob("*"):
        found = path.lstat()
        if not path.is_socket():
            os.lchown(target / path.relative_to(source), found.st_uid, found.st_gid)


def _prepare_socket(fake: FakeMachine) -> None:
    if fake.root.name.startswith(("k3s", "rke2")):
        make_socket(fake.root / "run/k3s/containerd/containerd.sock")


def test_only_one_agent_at_a_time(tmp_path: Path) -> None:
    fake = fresh("debian12-bare", tmp_path)
    before = fake.snapshot(state=True)
    with only_agent(fake.root / "var/lib"):
        code, report = fake.run_agent("apply", settings_of("debian12-bare"))
    assert code == EXIT_WAITING
    assert "another agent is at work on this machine" in report
    assert fake.snapshot(state=True) == before


REAL_FAULTS = {
    "read-only /etc": (
        "mount --bind $R/etc $R/etc; mount -o remount,bind,ro $R/etc",
        "Read-only file system",
    ),
    "full disk": (
        "mount -t tmpfs -o size=16k none $R/opt; head -c 8k /dev/zero > $R/opt/other",
        "No space left",
    ),
    "full state": ("mount -t tmpfs -o size=40k none $R/var/lib", "No space left"),
}


@pytest.mark.skipif(os.geteuid() != 0, reason="a mount namespace needs root")
@pytest.mark.parametrize("name", REAL_FAULTS)
def test_real_disks_that_are_full_or_read_only(tmp_path: Path, name: str) -> None:
    """The kernel's own errors, on a folder as the machine; the steps chosen start no program."""
    fake = fresh("gpu-driver", tmp_path)
    (fake.root / "opt").mkdir()
    (fake.root / "etc/fstab").write_text("/dev/sda2 none swap sw 0 0\n")
    driver = {"expected": True, "collectTo": "/opt/nvidia-driver"}
    (tmp_path / "settings.json").write_text(json.dumps({"mode": "apply", "swap": "off", "driver": driver}))
    for library in (fake.root / "usr/lib/x86_64-linux-gnu").glob("*.so.570*"):
        library.write_bytes(os.urandom(8192))
    before = state(fake)
    fault, reason = REAL_FAULTS[name]
    script = f'{fault}; cd {AGENT_HOME}; "$PYTHON" -B -m agent apply --standalone --settings $S --root $R'
    names = {"R": str(fake.root), "S": str(tmp_path / "settings.json"), "PYTHON": sys.executable}
    command = ["unshare", "--mount", "--propagation", "private", "sh", "-ec", script]
    done = subprocess.run(command, env={**os.environ, **names}, capture_output=True, text=True, check=False)
    assert done.returncode == EXIT_FAILED, done.stdout + done.stderr
    assert reason in done.stdout
    assert "everything is as before" in done.stdout
    assert difference(before, state(fake)) == {}
