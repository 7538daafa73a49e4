"""Real machines for a test, and nothing of them afterwards."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from ipaddress import IPv4Network
from pathlib import Path
from typing import ClassVar, Self

from generator.cluster.runner import CommandRunner, Result, SystemRunner
from generator.toolchain import cache
from tests.machines.bed import cgroups, host, network
from tests.machines.bed.disk import Disk, mounts_below
from tests.machines.bed.machine import Machine
from tests.machines.bed.network import Switch
from tests.machines.bed.rootfs import ensure_machine_root, machines_dir

SUBNET = IPv4Network("172.31.77.0/24")


class Bed:
    """A switch and the machines plugged into it; a context manager, so that it is closed whatever happens."""

    # Beds that are open in this process: their logs are collected when a test fails.
    open_beds: ClassVar[list[Bed]] = []

    def __init__(self, runner: CommandRunner | None = None, subnet: IPv4Network = SUBNET) -> None:
        self.runner = runner or SystemRunner()
        self.id = f"bed{secrets.token_hex(3)}"
        self.machines: dict[str, Machine] = {}
        self.switch = Switch(self.id, subnet, self.runner)
        self.folder = beds_dir() / self.id

    def __enter__(self) -> Self:
        host.ensure_packages(self.runner)
        sweep(self.runner)
        self._rootfs = ensure_machine_root(self.runner)
        self._claim_folder()
        Bed.open_beds.append(self)
        try:
            self.switch.create()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _claim_folder(self) -> None:
        """The folder appears with its owner in it, so that no `sweep` takes it for an abandoned one."""
        new = self.folder.with_name(f".{self.id}")
        new.mkdir(parents=True)
        (new / "owner").write_text(_life_of(os.getpid()))
        new.rename(self.folder)

    def boot(
        self,
        name: str,
        address: str,
        binds: Mapping[str, Path] | None = None,
        shares: Mapping[str, Path] | None = None,
    ) -> Machine:
        """Boot a new machine; `binds` and `shares` are folders of the host. Raises CommandError."""
        disk = Disk(self.folder / name, self.runner)
        machine = Machine(name, address, self.id, disk, self.switch, self.runner, binds or {}, shares or {})
        self.machines[name] = machine
        disk.create(self._rootfs)
        machine.power_on()
        return machine

    def run(
        self, argv: Sequence[str], *, stdin: str | None = None, check: bool = True, timeout: float = 60.0,
        env: Mapping[str, str] | None = None,
    ) -> Result:  # fmt: skip
        """Run a program of the host in the switch's network, from which it reaches the machines alone."""
        argv = [*self.switch.enter(), *argv]
        return self.runner.run(argv, stdin=stdin, check=check, timeout=timeout, env=env)

    def collect_logs(self, into: Path) -> None:
        """Write every machine's logs to `into`/<machine>/."""
        for machine in self.machines.values():
            for name, text in machine.logs().items():
                file = into / machine.name / name
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text)

    def close(self) -> None:
        """Stop and delete everything the bed made."""
        for machine in self.machines.values():
            if machine.is_on:
                machine.power_off_hard()
        remove(self.id, self.runner)
        if self in Bed.open_beds:
            Bed.open_beds.remove(self)


def at_once(*jobs: Callable[[], object]) -> None:
    """Run jobs side by side and wait for all; raises what the first failed one raised."""
    with ThreadPoolExecutor(max_workers=max(1, len(jobs))) as pool:
        for done in [pool.submit(job) for job in jobs]:
            done.result()


def beds_dir() -> Path:
    """Where the disks of running machines are."""
    return machines_dir() / "beds"


def remove(bed: str, runner: CommandRunner) -> None:
    """Delete what is left of a bed, known by its id alone; one at a time on a host."""
    folder = beds_dir() / bed
    with cache.lock("beds", lambda: None):
        cgroups.kill(bed)
        for point in mounts_below(folder):
            runner.run(["umount", point])
        for namespace in network.namespaces(bed):
            network.remove_namespace(namespace, runner)
        cgroups.remove(bed)
        for disk in folder.glob("*/"):
            shutil.rmtree(disk)
        # The last to go is what says whose all this is.
        shutil.rmtree(folder, ignore_errors=True)


def live_beds() -> set[str]:
    """The ids of the beds whose process is alive, of this and of other test runs."""
    return {folder.name for folder in beds_dir().glob("bed*") if _is_alive(folder / "owner")}


def sweep(runner: CommandRunner) -> list[str]:
    """Remove beds whose process was killed before it could close them; their ids."""
    left = sorted({folder.name for folder in beds_dir().glob("bed*")} - live_beds())
    for bed in left:
        remove(bed, runner)
    return left


def _is_alive(owner: Path) -> bool:
    try:
        life = owner.read_text()
        return life == _life_of(int(life.split()[0]))
    except (OSError, ValueError, IndexError):
        return False


def _life_of(pid: int) -> str:
    """A process's id and start time, which together are never used again."""
    stat = Path(f"/proc/{pid}/stat").read_text()
    return f"{pid} {stat.rpartition(')')[2].split()[19]}"
